# The image of one service: its own code, the two shelves and the town's data.  Another service is not in it.
#
#     docker build -f infra/service.Dockerfile --build-arg SERVICE=intake -t todoke/intake .
#
# Worker, web part and migrations are the same image with another command.  The target `operations` is the image of what
# prepares the servers and of the stand-ins: it has infra and no service.
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS packages
COPY requirements/runtime.txt /tmp/runtime.txt
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r /tmp/runtime.txt

FROM ${PYTHON} AS base
ARG UID=10001
# Debian packages that this image needs beside Python: fonts and PKCS#11 for signing.
ARG DEBIAN=""
RUN if [ -n "${DEBIAN}" ]; then \
      apt-get update && apt-get install --yes --no-install-recommends ${DEBIAN} && rm -rf /var/lib/apt/lists/*; \
    fi
# A volume that is mounted here for the first time takes the owner of the directory that it covers.
RUN useradd --uid ${UID} --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin todoke \
 && install -d -o todoke -g todoke -m 0700 /state /softhsm /signer /mail \
      /drives/1 /drives/2 /drives/3 /drives/4 \
 && install -d -o todoke -g todoke -m 0755 /drives /pki /definitions
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8
WORKDIR /app
COPY services/__init__.py services/__init__.py
COPY services/messages services/messages
COPY services/chassis services/chassis

FROM base AS operations
COPY infra infra
USER ${UID}

FROM base AS service
ARG SERVICE
COPY services/${SERVICE} services/${SERVICE}
COPY infra/town infra/town
USER ${UID}

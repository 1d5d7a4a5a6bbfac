"""Each service reaches its own data and nobody else's; nothing is reachable from beyond this machine."""

import io

import amqp
import psycopg
import pytest
from minio.error import S3Error

from infra.local import sites
from infra.local.system import System
from infra.minio.provisioning import Site
from infra.rabbitmq.definitions import VHOST


def connect(servers: System, service: str, database: str) -> "psycopg.Connection[tuple[object, ...]]":
    url = servers.environment(service)["TODOKE_DATABASE_URL"].replace("+psycopg", "")
    return psycopg.connect(url, dbname=database)


def channel(servers: System, service: str) -> amqp.Channel:
    settings = servers.environment(service)
    connection = amqp.Connection(
        f"127.0.0.1:{settings['TODOKE_AMQP_PORT']}",
        userid=service,
        password=settings["TODOKE_AMQP_PASSWORD"],
        virtual_host=VHOST,
    )
    connection.connect()
    return connection.channel()


def documents(servers: System, site: str) -> Site:
    key, secret = sites.key_of(servers.layout, servers.secrets, site, "intake")
    return Site(sites.admin(servers.layout, servers.secrets, site).url, key, secret)


def test_nothing_listens_beyond_this_machine(servers: System) -> None:
    assert servers.exposed() == []


def test_the_running_service_makes_no_tables(servers: System) -> None:
    with connect(servers, "intake", "intake") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (id int)")


def test_a_service_enters_no_other_database(servers: System) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        connect(servers, "intake", "approval")


def test_a_commit_is_on_disk(servers: System) -> None:
    with connect(servers, "intake", "intake") as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert connection.execute(f"SHOW {setting}").fetchone() == ("on",)


def test_a_service_consumes_no_other_queue(servers: System) -> None:
    with pytest.raises(amqp.AccessRefused):
        channel(servers, "intake").basic_get("approval.dead")


def test_a_service_says_nothing_in_another_name(servers: System) -> None:
    mine = channel(servers, "intake")
    mine.confirm_select()
    with pytest.raises(amqp.AccessRefused):
        mine.basic_publish_confirm(amqp.Message("{}"), exchange="approval", routing_key="decision_made.v1")


@pytest.mark.parametrize("site", sites.SITES)
def test_a_service_writes_documents_but_makes_no_buckets(servers: System, site: str) -> None:
    client = documents(servers, site).client
    assert client.put_object("documents", "rights/probe", io.BytesIO(b"x"), 1).version_id
    with pytest.raises(S3Error):
        client.make_bucket("another")


@pytest.mark.parametrize("site", sites.SITES)
def test_the_document_bucket_keeps_versions_and_takes_locks(servers: System, site: str) -> None:
    client = sites.admin(servers.layout, servers.secrets, site).client
    assert client.get_bucket_versioning("documents").status == "Enabled"
    assert client.get_object_lock_config("documents") is not None

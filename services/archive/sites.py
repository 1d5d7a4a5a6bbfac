"""The two S3 sites, as archive looks at them and repairs them."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from services.archive.domain import Finding
from services.chassis.objects import SITES, Objects, Site
from services.messages import DocumentRef


class StoreSites:
    """Each call raises Waiting when the site does not answer."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def look(self, ref: DocumentRef, site: str) -> Finding:
        """Read the copy at ``site``, compare its hash, read its lock."""
        copy = self._objects.check(ref, _site(site))
        return Finding(whole=copy.ok, version_id=copy.version_id, locked_until=copy.retain_until)

    def copy_to(self, ref: DocumentRef, site: str) -> Finding:
        """Put a new version at ``site`` from whichever copy is whole, and look at it.  Raises DamagedDocumentError."""
        self._objects.put_at(ref, self._objects.get(ref), _site(site))
        return self.look(ref, site)


# A page asks both sites before it answers: a site that hangs is soon given up.
PROBE_SECONDS = 1


def probed(objects: Objects) -> Mapping[str, bool]:
    """Whether each site answers now; both are asked at once."""
    with ThreadPoolExecutor(len(SITES)) as pool:
        return dict(zip(SITES, pool.map(objects.answers, SITES), strict=True))


def _site(name: str) -> Site:
    (site,) = [site for site in SITES if site == name]
    return site

"""Who is at the desk: a person with the posts of today, and the names of all others."""

from dataclasses import dataclass
from datetime import date

from services.approval.domain.act import Actor
from services.approval.domain.organisation import Organisation
from services.approval.queries import Viewer


class NotStaffError(Exception):
    """The person holds no post today."""


@dataclass(frozen=True)
class Staff:
    """A member of the staff with the posts of one day: as one who acts, and as one who looks."""

    actor: Actor
    viewer: Viewer


@dataclass(frozen=True)
class Names:
    """What people, posts and sections are called on one day."""

    organisation: Organisation
    day: date

    def person(self, sub: str) -> str:
        """Full name, also of one who has left; the sub of one whom the organisation never knew."""
        member = self.organisation.member(sub)
        return member.name if member else sub

    def short(self, sub: str) -> str:
        """鈴木さん."""
        return f"{self.person(sub).replace('　', ' ').split(' ')[0]}さん"

    def with_section(self, sub: str) -> str:
        """菅野 沙織（住宅係）."""
        posts = self.organisation.posts_of(sub, self.day)
        section = self.organisation.section(posts[0].section, self.day).name if posts else ""
        return f"{self.person(sub)}（{section}）" if section else self.person(sub)

    def post(self, post: str) -> str:
        """Name of a post; its id once it is gone."""
        found = self.organisation.post(post, self.day)
        return found.name if found else post

    def holders(self, post: str) -> str:
        """Who holds a post."""
        return "、".join(one.name for one in self.organisation.holders(post, self.day))

    def section(self, section: str) -> str:
        """課 and 係."""
        return self.organisation.full_name(section, self.day)


def staff_of(sub: str, organisation: Organisation, day: date) -> Staff:
    """The person with the posts of a day.  Raises NotStaffError."""
    posts = organisation.posts_of(sub, day)
    if not posts:
        raise NotStaffError
    departments = {organisation.department(post.section, day).id for post in posts}
    sections = (organisation.sections_of(department, day) for department in departments)
    viewer = Viewer(
        sub=sub,
        posts=frozenset(post.id for post in posts),
        offices=frozenset(post.section for post in posts),
        department=frozenset().union(*sections),
    )
    return Staff(Actor(sub, {post.id: post.name for post in posts}), viewer)

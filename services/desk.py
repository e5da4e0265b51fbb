"""What every door needs beside a session: the bureau's words, the name index, the public address."""

from dataclasses import dataclass, field

from config.archive import ArchiveRules, load_archive_rules
from config.bureau import Bureau
from config.cases import CaseRules, load_case_rules
from config.taking_part import TakingPartRules, load_taking_part
from services.enterprises.index import NameIndex


@dataclass(frozen=True, eq=False)  # one is itself only, so that what was rendered for it can be kept
class Desk:
    """Made once per process, shared by all requests."""

    bureau: Bureau
    index: NameIndex
    public_url: str
    reads_photos: bool = False  # the extra [ocr] is installed
    offers_notice: bool = False  # /h5/notices has a subscription notice to offer
    rules: CaseRules = field(default_factory=load_case_rules)
    taking_part: TakingPartRules = field(default_factory=load_taking_part)
    archive: ArchiveRules = field(default_factory=load_archive_rules)

    def link(self, path: str) -> str:
        """The full address of one of our pages; `path` begins with a slash."""
        return f"{self.public_url}{path}"

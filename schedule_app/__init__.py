"""A live, self-hosted employee shift scheduler."""

import zoneinfo

# Zone databases of operating systems differ between machines; the pinned tzdata package is the one to trust.
zoneinfo.reset_tzpath(to=())

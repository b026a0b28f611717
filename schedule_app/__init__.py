"""A live, self-hosted employee shift scheduler."""

import zoneinfo

# The operating system's zone database differs between machines; the pinned tzdata package is the one this project trusts.
zoneinfo.reset_tzpath(to=())

"""What work costs."""


def cost_cents(minutes: int, rate_cents: int) -> int:
    """Minutes at an hourly rate, in cents, half a cent rounded up."""
    return (minutes * rate_cents + 30) // 60

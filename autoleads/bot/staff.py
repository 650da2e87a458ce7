"""What a user of the showroom gets for a message on the showroom's number."""

from autoleads.bot import texts
from autoleads.bot.turn import Outcome, Reply, Turn


def answer(turn: Turn) -> Outcome:
    """A user is never treated as a customer: no lead, no sales talk."""
    text = texts.STAFF_HELLO.format(name=turn.customer_name or "Bapak/Ibu", showroom=turn.showroom.name)
    return Outcome(replies=(Reply(text=text),), memory=turn.memory, source="canned", intent="staff")

"""Stand-ins for the services at the other end of the wire, with faults that can be switched on."""

from tests.standins.base import OK, Fault
from tests.standins.files import FileStandin
from tests.standins.fonnte import FonnteStandin, Sent
from tests.standins.gemini import Asked, GeminiStandin

__all__ = ["OK", "Asked", "Fault", "FileStandin", "FonnteStandin", "GeminiStandin", "Sent"]

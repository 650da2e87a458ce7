"""Voice notes as text: fetched from the gateway and written down by the model, if both are quick enough."""

import asyncio
import logging
from collections.abc import Mapping

from autoleads import metrics
from autoleads.bot.assistant.account import FREE, Prices, on_account
from autoleads.bot.assistant.base import Assistant
from autoleads.bot.gateway.base import Kind
from autoleads.bot.turn import Incoming, Turn
from autoleads.errors import AssistantError, MediaError, MediaRefused
from autoleads.media.fetch import Fetcher
from autoleads.media.kinds import AUDIO_MIME, sniff
from autoleads.types import InboxId

log = logging.getLogger(__name__)

MOST_BYTES = 2**20  # minutes of what WhatsApp records; nobody waits for more to be written down
_MOST_NOTES = 3  # people say one thing in several short notes
_MOST_CHARS = 2_000


class Listener:
    def __init__(self, fetcher: Fetcher, assistant: Assistant, prices: Prices = FREE) -> None:
        self._fetcher = fetcher
        self._assistant = assistant
        self._prices = prices

    async def hear(self, turn: Turn) -> Mapping[InboxId, str]:
        """What was said, by message. All of the burst's notes or none: empty as well when they cannot be had or
        understood within the turn's budget, which is never an error."""
        notes = _notes(turn)
        if not notes:
            return {}
        try:
            async with asyncio.timeout(turn.budget_s):
                said = await asyncio.gather(*(self._written(note, turn.showroom.slug) for note in notes))
        except (MediaError, AssistantError) as exc:
            metrics.VOICE.labels(exc.reason).inc()
            log.info("voice note not understood: %s", exc.reason)
            return {}
        except TimeoutError:
            metrics.VOICE.labels("timeout").inc()
            return {}
        metrics.VOICE.labels("heard").inc()
        return {note.id: text for note, text in zip(notes, said, strict=True)}

    async def _written(self, note: Incoming, tenant: str) -> str:
        assert note.media_url is not None
        audio = await self._fetcher.fetch(note.media_url, most_bytes=MOST_BYTES, timeout=10)
        found = sniff(audio)
        if found not in AUDIO_MIME:
            raise MediaRefused(found)
        completion = await on_account(self._assistant.transcribe(audio, AUDIO_MIME[found]), tenant, self._prices)
        text = " ".join(completion.text.split())[:_MOST_CHARS]
        if not any(character.isalnum() for character in text):
            raise AssistantError("empty")  # the model's way to say that nothing was
        return text


def _notes(turn: Turn) -> list[Incoming]:
    """The latest, if the gateway gives them; a customer who wants no answers is not listened to."""
    notes = [message for message in turn.messages if message.kind is Kind.AUDIO and not message.text.strip()]
    heard = notes and all(note.media_url for note in notes) and turn.memory.get("opt_out") is not True
    return notes[-_MOST_NOTES:] if heard else []

"""The model behind a protocol: it may phrase an answer or write down what was said, never state a fact."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """`instruction` is ours; `conversation` is data, whatever it says."""

    instruction: str
    conversation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    text: str
    prompt_tokens: int = 0
    answer_tokens: int = 0


class Phrases(Protocol):
    async def complete(self, prompt: Prompt) -> Completion:
        """Raises AssistantError with a reason of a closed set: timeout, connection, http_429, http_4xx,
        http_5xx, malformed, empty, truncated, blocked, busy, open."""
        ...


class Assistant(Phrases, Protocol):
    async def transcribe(self, audio: bytes, mime: str) -> Completion:
        """What is said, word by word; it is data like any customer's text. Raises AssistantError as above."""
        ...

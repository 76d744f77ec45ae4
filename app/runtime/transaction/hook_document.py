"""The document of a hook (models/hooks/*.yaml): which message a call publishes, and what a call must look like."""

from pydantic import BaseModel, ConfigDict, Field


class HookDocument(BaseModel):
    """`secret` names an entry of the settings' hook secrets; `correlation_key` is FEEL over the body ("=ticket_id")."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    description: str = ""
    message: str = Field(min_length=1)
    secret: str
    correlation_key: str
    max_bytes: int = Field(default=65536, ge=1, le=10_000_000)
    message_schema: dict[str, object] = Field(alias="schema")

    @property
    def correlation_expression(self) -> str:
        return self.correlation_key.removeprefix("=")

"""Talks to https://app.getcensus.com/api/v2; /api/v1 of Census ends in January."""


def warn(version: str) -> None:
    if version == "v1":
        raise ValueError("The API at https://app.getcensus.com/api/v1 ends soon: use v2.")

def count(census: dict[str, int]) -> int:
    census_sync = sorted(census)
    return sum(census[name] for name in census_sync)

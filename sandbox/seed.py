"""What the company holds on its first day. The numbers are stable: tests and demonstrations name them."""

import sqlite3

CUSTOMERS = (
    # number, name, address, tier in the CRM, tier in billing, refunds in the last year
    ("C-1001", "Marta Lindqvist", "marta.lindqvist@example.com", "pro", "pro", 0),
    ("C-1002", "Jonas Weber", "jonas.weber@example.com", "basic", "basic", 1),
    ("C-1003", "Ines Duarte", "ines.duarte@example.com", "pro", "basic", 0),  # the two systems disagree
    ("C-1004", "Piotr Zielinski", "piotr.zielinski@example.com", "basic", "basic", 6),  # asks often
    ("C-1005", "Bergwacht Tölz", "einkauf@bergwacht-toelz.example", "enterprise", "enterprise", 2),
    ("C-1006", "Aylin Demir", "aylin.demir@example.com", "basic", "basic", 0),
    ("C-1007", "Tom Okafor", "tom.okafor@example.com", "pro", "pro", 0),
    ("C-1008", "Lucie Moreau", "lucie.moreau@example.com", "basic", "basic", 1),
    ("C-1009", "Henrik Dahl", "henrik.dahl@example.com", "pro", "pro", 0),
    ("C-1010", "Sofia Rossi", "sofia.rossi@example.com", "basic", "basic", 0),
    ("C-1011", "Mei Tanaka", "mei.tanaka@example.com", "pro", "pro", 0),
    ("C-1012", "Noah Fischer", "noah.fischer@example.com", "basic", "basic", 0),
)

CHARGES = (
    # number, customer, cents, days ago, what was bought
    ("CH-1001", "C-1001", 120_000, 12, "Touring bicycle"),
    ("CH-1002", "C-1002", 48_000, 20, "Four-season tent"),
    ("CH-1003", "C-1003", 8_990, 5, "Trekking poles"),
    ("CH-1004", "C-1004", 24_000, 30, "Down jacket"),
    ("CH-1005", "C-1005", 520_000, 8, "Forty climbing ropes"),
    ("CH-1006", "C-1006", 30_000, 120, "Backpack, 65 litres"),  # old: the decision is not sure
    ("CH-1007", "C-1007", 15_000, 400, "Hiking boots"),  # too old to be refunded
    ("CH-1008", "C-1008", 6_000, 40, "Camping stove"),  # refunded already
    ("CH-1009", "C-1009", 90_000, 3, "Kayak"),
    ("CH-1010", "C-1010", 90_000, 15, "Family tent"),
    ("CH-1011", "C-1011", 90_000, 25, "Ski set"),
    ("CH-1012", "C-1012", 90_000, 60, "Mountain bike frame"),
)


def sow(connection: sqlite3.Connection) -> None:
    """Fill an empty database."""
    connection.executemany(
        "INSERT INTO customer VALUES (?, ?, ?, ?, ?)",
        [(number, name, address, tier, refunds) for number, name, address, tier, _, refunds in CUSTOMERS],
    )
    connection.executemany(
        "INSERT INTO account VALUES (?, ?)", [(number, tier) for number, _, _, _, tier, _ in CUSTOMERS]
    )
    connection.executemany(
        "INSERT INTO charge VALUES (?, ?, ?, 'EUR', ?, ?)",
        [(number, customer, cents, days, item) for number, customer, cents, days, item in CHARGES],
    )
    connection.execute(
        "INSERT INTO refund VALUES ('RF-1008', 'CH-1008', 6000, 'EUR', 'late delivery', 'booked', ?, NULL)",
        ("2026-01-05T09:00:00+00:00",),
    )
    connection.executemany(
        "INSERT INTO ticket VALUES (?, ?, ?)",
        [(f"T-{number[3:]}", customer, f"My order: {item}") for number, customer, _, _, item in CHARGES],
    )

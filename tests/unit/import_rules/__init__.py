"""The rules of who may import whom; `tests/unit/test_import_rules.py` holds the project against them."""

"""What patients use: the pages, and the API behind them."""

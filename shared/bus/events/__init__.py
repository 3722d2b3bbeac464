"""Events that are neither lost nor acted on twice: outbox, relay, queues, consumers, inbox, dead letters."""

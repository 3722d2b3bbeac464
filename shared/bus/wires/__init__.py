"""What carries messages: connections, queues, and the bus inside one process."""

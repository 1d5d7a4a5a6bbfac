"""RabbitMQ: every user, exchange, queue and binding, declared before a service starts."""

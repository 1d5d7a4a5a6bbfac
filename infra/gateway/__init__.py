"""Caddy: one port for everything, the security headers, and the page that is shown while a service is away."""

"""Stands in for the town's OpenID Connect provider (デジタル認証アプリ behind it): whoever opens it may be anyone."""

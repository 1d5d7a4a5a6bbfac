"""The words of archive's page that are not in the template."""

STAFF_ONLY = "この画面は、文書の保存を受け持つ職員だけが見られます。"
RETENTION = {
    "1y": "1年保存",
    "3y": "3年保存",
    "5y": "5年保存",
    "10y": "10年保存",
    "30y": "30年保存",
    "permanent": "永久保存",
}
SITES = {"a": "拠点A", "b": "拠点B"}

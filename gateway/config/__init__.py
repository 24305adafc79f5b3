"""The configuration file: TOML, read whole, every mistake told at once.

Knows: the sections, their keys, what is allowed (`fields`), how the roster follows from them.
May not know: what the parts do with their settings.
"""

from gateway.config.load import Config, ConfigError, RadioSettings, load
from gateway.config.web import WebSettings

__all__ = ["Config", "ConfigError", "RadioSettings", "WebSettings", "load"]

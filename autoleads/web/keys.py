"""What the application carries, by type."""

from collections.abc import Mapping

from aiohttp import web

from autoleads.bot.dispatcher import Dispatcher
from autoleads.bot.gateway.base import Gateway
from autoleads.bot.receiver import Receiver
from autoleads.config import Config
from autoleads.sql.pool import Database
from autoleads.web.pages import Pages, Recipe
from autoleads.web.safety import Safety
from autoleads.web.sites import Sites
from autoleads.web.visitors import Addresses, Limiter

CONFIG = web.AppKey("config", Config)
DATABASE = web.AppKey("database", Database)
RECEIVER = web.AppKey("receiver", Receiver)
SITES = web.AppKey("sites", Sites)
PAGES = web.AppKey("pages", Pages)
SAFETY = web.AppKey("safety", Safety)
ADDRESSES = web.AppKey("addresses", Addresses)
LIMITS = web.AppKey("limits", dict[str, Limiter])
DISPATCHER = web.AppKey("dispatcher", Dispatcher)
WEBHOOK_GATEWAY = web.AppKey("webhook_gateway", Gateway)  # whose bodies /webhook/fonnte reads

REQUEST_ID = web.RequestKey("request_id", str)
RECIPE = web.RequestKey("recipe", Recipe)  # of the page that answers
STANDING = web.RequestKey("standing", Mapping[str, str])  # of the visitor, who has been counted

# ruff: noqa: E501 -- a sentence stays on one line, to be read and changed as one
"""The same for customers who write English: what opens, closes and hands over. Rows stay as they are.

Keyed by the first way of the Indonesian sentence; what is not here is said in Indonesian.
"""

from collections.abc import Mapping

from autoleads.bot import texts, texts_steps
from autoleads.bot.texts import Ways

_PAIRS: tuple[tuple[Ways, Ways], ...] = (
    (texts.HELLO, ("Hi {name}! 👋",)),
    (texts.WELCOME, ("{hello} Welcome to {showroom} 😊",)),
    (texts.GREETING_ASK, ("Which car are you looking for? Tell me the model, year or budget and I will check our stock.",)),
    (texts.PRIVACY, ("We keep this chat to serve you. To have your data deleted, type HAPUS DATA SAYA.",)),
    (texts.AVAILABLE, ("Yes, it is still available 😊",)),
    (texts.HERE_IS_ONE, ("Yes, we have this one 👇",)),
    (texts.CHOSEN, ("Sure, here are the details 👇",)),
    (texts.DETAIL, ("Here are the details 👇",)),
    (texts.PRICE_ONE, ("{title} is {price}.",)),
    (texts.SEVERAL, ("We have {count} available 👇",)),
    (texts.SEVERAL_PRICE, ("Here are the prices, {count} units available 👇",)),
    (texts.SEVERAL_MANY, ("{count} units match and are available, here are {shown} 👇",)),
    (texts.SEVERAL_OTHERS, ("Similar cars that are available 👇",)),
    (texts.SEVERAL_COMPARE, ("Here is how they compare, all available 👇",)),
    (texts.CHOOSE, ("Which number would you like? Just reply with the number or code 😊",)),
    (texts.CHOOSE_MORE, ("Reply with a number for details, or LANJUT for more 😊",)),
    (texts.NOTHING, ("Sorry, we do not have {wish} right now 🙏",)),
    (texts.NOTHING_PLAIN, ("Sorry, nothing matches exactly right now 🙏",)),
    (texts.NEAREST, ("The closest we have 👇",)),
    (texts.NEAREST_ASK, ("Would one of these work? Reply with the number 😊",)),
    (texts.WHICH_LISTED, ("Which number do you mean? 😊",)),
    (texts.NEXT_PHOTOS, ("Shall I send the photos?",)),
    (texts.NEXT_VISIT, ("Would you like to come and see it?",)),
    (texts.NEXT_CREDIT, ("Would you like a credit simulation?",)),
    (texts.NEXT_HELP, ("Anything else I can help with? 😊",)),
    (texts.NEXT_OPEN, ("What would you like to know first: price, credit, or a visit?",)),
    (texts.NEXT_HUMAN, ("Shall I connect you with our sales team?",)),
    (texts.LOCATION_NEXT, ("When would you like to come?",)),
    (texts.THANKS, ("You're welcome 🙏 Just message if you need anything else.",)),
    (texts_steps.HANDOVER_OPEN, ("Our salesperson {person} will message you shortly from their own number.",)),
    (texts_steps.HANDOVER_CLOSED, ("We are closed now; our salesperson {person} will message you {when}.",)),
    (texts_steps.HANDOVER_NOT_YET, ("We are not open yet; our salesperson {person} will message you {when}.",)),
    (texts_steps.HANDOVER_PLAIN, ("Our salesperson {person} will contact you.",)),
    (texts_steps.HANDOVER_AGAIN, ("{person} has been informed and will message you shortly.",)),
    (texts_steps.HANDOVER_AGAIN_CLOSED, ("{person} has been informed and will message you {when}.",)),
    (texts_steps.TEAM_OPEN, ("Our sales team will message you shortly.",)),
    (texts_steps.TEAM_AGAIN, ("Our sales team has been informed and will message you shortly.",)),
    (texts_steps.NEGOTIATION, ("{title} is {price}, and the price is negotiable 😊",)),
    (texts_steps.NEGOTIATION_PLAIN, ("Yes, prices are negotiable 😊",)),
    (texts_steps.ASK_NAME, ("May I have your name?",)),
    (texts_steps.NAME_NOTED, ("Thank you {name} 😊",)),
    (texts_steps.NAME_NEXT, ("Anything else you would like to know?",)),
    (texts_steps.ASK_CAR, ("Which car is it about?",)),
    (texts_steps.HUMAN, ("Sure 😊",)),
    (texts_steps.VISIT_CAR, ("Sure, you can see {title} 😊",)),
    (texts_steps.VISIT, ("Sure, you are welcome to visit 😊",)),
    (texts_steps.VISIT_ASK, ("Which day and time would suit you?",)),
    (texts_steps.VISIT_ASK_HOUR, ("What time would suit you?",)),
    (texts_steps.VISIT_ASK_CAR, ("Which car would you like to see?",)),
    (texts_steps.VISIT_TEST, ("Sure, {person} will help you test drive {title} 😊",)),
    (texts_steps.VISIT_NOTED, ("Noted 👍",)),
    (texts_steps.VISIT_END, ("See you at the showroom 🙏",)),
    (texts_steps.CREDIT_NEXT, ("Would you like another down payment or tenor?",)),
    (texts_steps.CREDIT_YES, ("Yes, credit is possible 😊",)),
    (texts_steps.NEGOTIATION_OFFER, ("Alright, I will pass your offer of {offer} for {title} to {person} 👍",)),
    (texts_steps.TRADE_IN, ("Yes, we accept trade-ins 😊",)),
    (texts_steps.OWN_CAR_ASK, ("Could you send your car's make and type, year, transmission, km, tax status and some photos?",)),
    (texts.OTHER, ("Sorry, I did not quite get that 🙏 Which car are you looking for, or shall I connect you with our sales team?",)),
    (texts.OTHER_AGAIN, ("Sorry, I still did not get that 🙏 Shall I connect you with {person}?",)),
    (texts.ASKED_UNKNOWN, ("About {topic}: it is not in my data.",)),
    (texts.NEXT_ASK_PERSON, ("Shall I ask {person}?",)),
    (texts_steps.PHOTOS, ("{title} 📸 {price}, {state}.",)),
    (texts_steps.PHOTOS_WHICH, ("Photos of which number? 😊",)),
    (texts_steps.PHOTOS_NEXT, ("Would you like to come and see it? 😊",)),
)  # fmt: skip

WAYS: Mapping[str, Ways] = {indonesian[0]: english for indonesian, english in _PAIRS}

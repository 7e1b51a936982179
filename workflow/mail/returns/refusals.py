"""The words and codes by which mail servers refuse, and what each speaks of. Data only; ``answers.judge`` reads it.

First what is the sender's or the network's trouble, and only last what condemns a mailbox: a server may put any code
on any sentence, and an address struck off wrongly costs more than one that is asked a few times too often.
"""

from __future__ import annotations

import re

_MAILBOX = (
    r"(?:e-?mail|user(?: ?name)?|mail ?box(?: name)?|account|recipient(?:'s)?|address(?:ee)?|alias|"
    r"in-?box|person|postkassen?|"
    r"bruger(?:en)?|modtager(?:en|adressen)?|konto(?:en)?|adressen?|empf(?:ä|ae)nger|benutzer|destinataire|"
    r"utilisateur|destinatario|usuario|rcpt)"
)
_GONE = (
    r"(?:unknown|invalid|(?:does|do|did) ?(?:not|n't|nt) (?:exist|have)|(?:is )?(?:not|cannot be|"
    r"could ?n.t be|was ?n.t) "
    r"(?:found|known|listed|valid|recogni[sz]ed)|non-?exist\w*|no longer|disabled|deactivated|suspended|closed|"
    r"in-?active|terminated|deleted|removed|expired|has moved|undeliverable|has been (?:disabled|closed|deleted|"
    r"removed|suspended)|findes ikke|ukendt|er (?:ned|luk|slet|spær)\w+|unbekannt|existiert nicht|"
    r"inconnu|n'existe pas|"
    r"no existe|desconocido)"
)
# What is missing here is room or a part of the server, and no mailbox: "no mailbox space left"
_BOX_ONLY = (
    r"(?! (?:space|quota|storage|room|limit|size|server|service|backend|host|database|store|access|lock)\b)"
)
# A list of people, told from a folder of files ("not in queue directory") by its name or by what is not in it
_BOOK = (
    r"(?:(?:global|address|company|corporate|recipient|user|domino|active|enterprise|exchange|people|"
    r"organi[sz]ation)(?:'s)? )"
)

WORDS: tuple[tuple[str, str], ...] = (
    (
        "policy",  # Microsoft 365's own words for a group or mailbox that takes mail from inside or from a list only
        r"resolver\.rst\.(?!\w*(?:sizelimit|threshold))|"
        r"notauthenticatedforgroup|not authori[sz]ed to send to (?:this|the)|allowed-?senders list",
    ),
    (
        "relay",
        r"relay(?:ing)? (?:is |was )?(?:not |access )?(?:permitted|denied|allowed|prohibited|refused|"
        r"rejected|restricted)|"
        r"(?:unable|not (?:permitted|allowed|authori[sz]ed)|refus\w+|will not|do(?:es)? not|cannot|can't|"
        r"won't) (?:to )?relay|"
        r"(?:no|deny|denied|open) relay|relay(?:ing)? (?:mail )?(?:to|for|from|through) .{0,60}(?:denied|"
        r"prohibited|not )|"
        r"non-accepted domain|allowed rcpthosts|rcpthosts|isn't in my list|we do not relay|not a gateway|"
        r"not? (?:configured|allowed) to (?:relay|receive) (?:mail )?for|mail from .{0,80}not relayed|via\w* relay|"
        r"credentials for relay",
    ),
    (
        "sender",
        r"\bspf\b|\bdkim\b|\bdmarc\b|sender policy framework|domain owner discourages|"
        r"sender(?:'s)?(?: e-?mail| mail)?(?: address| domain| host| ip| id| identity| server)?[ :<][^.;]{0,60}?"
        r"(?:verif|reject|refus|denied|block|not (?:allowed|authori|accept|permit|exist|found|known|a member|"
        r"valid)|unknown|invalid|"
        r"required|must|does not|untrust|forged|spoof)|(?:verif|reject|refus|deny|denied|block|invalid|"
        r"unknown|unresolv"
        r"|untrust|forged|spoof)\w* (?:\w+ ){0,2}sender|(?:return|reverse|envelope from|mail from|"
        r"from) (?:address|path|domain)"
        r"[^.;]{0,40}(?:verif|reject|refus|block|invalid|not |does|has no|no mx)|may not send|not (?:allowed|"
        r"authori[sz]ed|permitted) to send"
        r"|(?:ab|av|af)s(?:ä|ae|e)nd[ea]r\w*[^.;]{0,60}(?:ungültig|existiert nicht|unbekannt|findes ikke|ukendt|"
        r"blok|spær|afvis|gesperrt|abgelehnt|kunde inte|kendes ikke|nicht gefunden)|sender policy|"
        r"(?:ukendt|unbekannt|ugyldig|ungültig|blokeret|gesperrt)\w* (?:\w+ )?(?:af|ab|av)s(?:ä|ae|e)nd[ea]r|"
        r"(?:[eé]metteur|expéditeur) (?:invalide|inconnu|refus)|\b(?:jeres|ihre?) (?:ip|server|dom)|"
        r"\bbatv\b|backscatter|accept bounces|(?:un|not )rout(?:e)?able sender|"
        r"(?:not|n't|unable to) verif\w* your|(?:domain|mx|dns|record)\b.{0,60} (?:of|for) "
        r"(?:the |your )?send(?:er|ing)|resource record|[?&]ip=[\da-f]|\bcall-?(?:out|back)\b|not allowed to connect|"
        r"your access to|connection (?:was )?(?:rejected|blocked|denied)"
        r"|block(?: |-)?list|black-?(?: )?list|\brbl\b|\bdnsbl\b|\bsbl\b|spamhaus|spamcop|barracuda|sorbs|cbl\.|"
        r"senderbase|\breputation\b|client host|your (?:ip|host|server|network|isp|domain|(?:e-?)?mail address)\b"
        r"|reverse (?:dns|lookup|hostname)|\brdns\b|\bptr\b|dynamic (?:ip|address)|authentication (?:is )?required|"
        r"unauthenticated|not authenticated|must (?:first )?(?:authenticate|issue a starttls|check for new mail)|"
        r"\bhelo\b|\behlo\b|"
        r"(?:sending|remote|connecting) (?:server|host|ip|mta)[^.;]{0,60}(?:reject|block|refus|denied|not |has no)",
    ),
    (
        "rate",
        r"\brate\b|throttl|too many (?:recipients|connections|concurrent|messages (?:in|from|sent|per)|"
        r"mails? (?:from|per|sent)|"
        r"emails? (?:from|per|sent)|sessions|errors|hops? per|invalid|unknown|bad)|too (?:fast|frequent|quickly)|"
        r"(?:sending|daily|hourly|message|outgoing|outbound|sender|recipient|connection) (?:quota|limits?)\b|"
        r"(?:per|this|last|next) (?:hour|minute|day)|maximum (?:number of )?(?:recipients|connections)|excessive|"
        r"limit(?:s)? (?:on|for) (?:the number|messages|sending)",
    ),
    (
        "content",
        r"virus|malware|trojan|infected|phish|\bspam(?:my|ming|assassin|score)?\b|unsolicited|\bbulk mail|\bjunk|"
        r"attachment|content (?:reject|filter|block|polic|not )|(?:message|mail) content|considered (?:as )?spam|"
        r"(?:message|mail|e-mail|email|letter|data|"
        r"brevet)(?:'s)? (?:file )?(?:size )?(?:is )?(?:too (?:big|large|long)|exceed)|"
        r"message size|size of (?:this|the|your) (?:message|mail)|for stort?|exceed\w* .{0,20}(?:message|mail) size|"
        r"(?<!mailbox )size limit(?! .{0,12}mailbox)|mime|malformed(?! (?:or unexpected )?name ?server)|"
        r"header (?:line|field|syntax)|bare (?:lf|cr|"
        r"linefeed)|5322|2822|"
        r"banned|prohibited (?:file|word)|suspicious|blocked url|message (?:was )?(?:rejected|refused|blocked|denied)"
        r"(?: (?:by|due to|as|because))? (?:\w+ ){0,2}(?:filter|content|polic|spam)",
    ),
    (
        "full",
        r"quota|over ?quota|(?:mail|in|post) ?(?:box|kasse\w*|fach)[^.;]{0,40}(?:\bfull\b|\bfuld\b|"
        r"\bvoll\b|exceed|over |limit|"
        r"size|pleine)|\bfull (?:mail)?box|storage (?:allocation|limit|space)|"
        r"insufficient (?:system )?(?:disk )?(?:storage|space)|"
        r"(?:no|(?:not|n't)(?: have)? (?:enough|sufficient)|out of|insufficient) (?:disk |mail ?box )?"
        r"(?:space|storage|room)|"
        r"disk (?:is )?full|"
        r"account (?:is )?full|space (?:is )?not enough|"
        r"maximum (?:number of )?messages|too many messages (?:in|on)|boite pleine|"
        r"exceeded (?:the )?(?:maximum )?(?:allowed )?"
        r"(?:storage|mailbox)|max(?:imum)? mailbox|not enough space",
    ),
    (
        "slow",
        r"(?:delivery|message|retry) (?:time(?:out)? )?(?:has )?(?:expired|timed? ?out)|time ?limit|"
        r"timed? ?out|time ?out|"
        r"could not be delivered (?:for|within|in) |retry(?:ing)? (?:time|timeout|period|limit)|"
        r"connection (?:refused|reset|lost|"
        r"dropped|died|closed|failed|to .{0,80}(?:failed|refused))|(?:lost|no) connection|"
        r"lost connection|network (?:is )?unreachable|"
        r"no route to host|host (?:is )?(?:down|unreachable)|not responding|did ?(?:not|n.t) (?:respond|answer)|"
        r"greylist|grey-?list|gray-?list|temporar|try again|come back later|"
        r"service (?:is )?(?:not available|unavailable)|"
        r"(?:ldap|lookup|directory|database|backend|verification)\b[^.;]{0,40}(?:failed|failure|error|unavailable)|"
        r"all hosts .{0,60}(?:fail|unreachable)|server (?:is )?(?:busy|too busy)|resources|host not found,? try|"
        r"malformed (?:or unexpected )?name ?server|"
        r"delivery failed \d+ attempts|wasn't able to establish|too (?:old|long) in (?:the )?queue",
    ),
    (
        "policy",
        r"authorization|not accept\w* (?:mail|messages|e-?mail) from|only accepts? |"
        r"allowed senders|restricted|(?<!name )not allowed|not permitted|administrative prohibition|"
        r"envelope blocked|:blocked\b|prohibit|permission|\bacl\b|moderat|content.?filter|challenge|"
        r"whitelist|approved|protected|safe ?list|guest ?list|add yourself|\bcountry\b|\bgeo-?(?:ip|block|graph)|"
        r"(?:tager|modtager) ikke (?:imod )?(?:(?:e-?)?mails?|post|beskeder) fra|"
        r"polic\w+ (?:restrict|reject|violat|reason)|(?:by|local|security) polic|"
        r"private|not a member|forbidden",
    ),
    (
        "gone",
        rf"{_MAILBOX}\b[^.;]{{0,80}}?{_GONE}|{_GONE} (?:\w+ ){{0,3}}{_MAILBOX}\b|no (?:such|valid) (?:\w+ ){{0,3}}?"
        rf"(?:{_MAILBOX}|one|person|domain|host)|(?:no|not a) (?:\w+ )?(?:mailbox|user|account|"
        rf"recipient)s?{_BOX_ONLY} (?:\w+ ){{0,3}}"
        r"(?:here|by that|with|called|named|for|at|in|on|found|available)|"
        r"mail ?box (?:is )?(?:unavailable|not available)|"
        r"mail ?box (?:name not allowed|syntax)|"
        r"not a valid (?:mailbox|user|recipient|address)|unknown (?:local[- ]?part|recipient|user|host|"
        r"domain|address)|"
        rf"unrout(?:e)?able (?:address|mail domain)|no mail ?box{_BOX_ONLY}|user not (?:local|known|here|found)|"
        r"resolver\.adr\.\w*notfound|"
        r"recipientnotfound|recipnotfound|recipient not found|(?:host|domain)(?: name)?(?: or domain name)? "
        r"(?:unknown|not found|does not exist|does not accept mail)|host unknown|null ?mx|nxdomain|no mx\b|"
        r"name service error|(?:domain|host)[^.;]{0,60}(?:could ?n.t|could not|cannot) be (?:found|resolved)|"
        r"(?:has left|no longer (?:works?|employed|with|at|in use|valid|active|available|exists?|receiv|accept))|"
        r"does not like recipient|bad destination (?:mailbox|system) address|access denied\. as\(|"
        r"delivery to .{0,80} (?:failed|is not possible): unknown|kein (?:solches )?postfach|unroutable|"
        r"not (?:a |an )?(?:known|active|valid|local) (?:user|address|mailbox|recipient)|"
        r"(?:user|recipient) (?:is )?not (?:active|"
        r"exist|local)|(?:address|recipient|user)\w* (?:were|was|are) unknown|no ?one (?:at|with|by) |no existe|"
        r"nessun utente|eksisterer ikke|er ikke (?:oprettet|gyldig|kendt)|missing home directory|"
        r"non-?existent ?domain|not our customer|invalid final delivery user|no matches to nameserver|"
        r"(?<!file )(?<!files )not (?:listed |present |found )?in (?:the )?(?:(?!queue|spool|mail)\w+(?:'s)? )?"
        rf"{_BOOK}{{1,3}}directory|"
        r"not listed in (?:the )?directory|"
        r"(?:user|account|recipient|address|mail ?box)(?: <>)?(?: is| was)? not (?:present |found )?in "
        r"(?:the )?directory",
    ),
)

# RFC 3463, and Microsoft's longer numbers: of each, the first pattern that fits the whole number
CODES: tuple[tuple[str, str], ...] = (
    ("gone", r"5\.1\.(?:[1236]|10|20)|5\.2\.1|5\.4\.4|5\.4\.310"),
    ("sender", r"5\.1\.[789]|5\.7\.(?:[89]|1[38]|2[0-9]|5[07]\d|51[0-2]|60\d|70[58]|7[1567]\d)"),
    ("full", r"[45]\.2\.2"),
    ("content", r"5\.2\.3|5\.3\.4|5\.6\.\d+|5\.7\.7"),
    ("relay", r"5\.7\.(?:54|64)|5\.4\.6"),
    ("rate", r"[45]\.5\.3|[45]\.2\.12[01]"),
    ("policy", r"5\.7\.\d+|5\.2\.4|5\.3\.2"),
    ("slow", r"[45]\.4\.(?:[1237]|300|316)|4\.\d+\.\d+"),
)

# Microsoft's and Google's longer numbers are given with care, and so is relaying: they outrank the words beside them
SURE: tuple[tuple[str, str], ...] = (
    ("relay", r"5\.7\.(?:54|64)"),
    ("policy", r"5\.7\.1\d\d"),
    ("rate", r"5\.7\.23\d"),
    ("sender", r"5\.7\.(?:2[3-9]|5[0-9]\d|6\d\d|7[0-57]\d)"),
    ("gone", r"5\.4\.310|5\.1\.10"),
)

# A number that condemns a mailbox is not believed beside words of anything else: what they mean a person decides
ELSE = re.compile(
    r"spam|\bbulk|\bjunk|filter|abuse|block|\bban|\blist|send|\bfrom\b|\bhelo|\bip\b|\bdns|\bptr|\bmx\b|relay|authenti|\btls|"
    r"polic|secur|setting|preference|member|subscri|protect|captcha|virus|header|content|attach|vedhæft|filtype|size|loop|"
    r"config|error|fail|internal|server|lock|busy|frozen|limit|quota|queue|database|\bldap|time ?out|temporar|later|"
    r"defer|drd|could not|can'?t|cannot|protocol|authori[sz]|refused|reject(?!ed)|access|go away|gateway|host name|"
    r"emetteur|expéditeur|absender|afsender|ihre|jeres",
    re.IGNORECASE,
)

COMPILED = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in WORDS)
NUMBERED = tuple((name, re.compile(number)) for name, number in CODES)
TRUSTED = tuple((name, re.compile(number)) for name, number in SURE)

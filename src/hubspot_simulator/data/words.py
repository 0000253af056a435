# ruff: noqa: SIM905 - a list of words reads better as a sentence
"""Believable words, French and English. No person or company here exists on purpose."""

FIRST_NAMES = (
    "Camille Léa Manon Chloé Inès Zoé Louise Éloïse Anaïs Maëlle Hugo Lucas Théo Raphaël Gaël Noël Jérôme Benoît "
    "François Zoë Emma Olivia Ava Mia Grace Chloe Harper Nora Ruby Isla Jack Harry Oliver Noah Liam Mason Ethan Owen "
    "Caleb Miles Fatima Aïcha Karim Yacine Mehdi Nguyên Linh Wei Ximena José Søren Åsa Jürgen Łukasz Zofia Siân"
).split()
LAST_NAMES = tuple(
    name.replace("_", " ")
    for name in (
        "Martin Bernard Dubois Lefèvre Moreau Lambert Fournier Girard Bonnet Gauthier Perrin Rousseau Chevalier Noël "
        "Besançon Hébert Lacroix Marchand Picard Renard Smith Baker Turner Walker Hughes Carter Bennett Foster Hayes "
        "Murphy O'Brien O'Neill MacLeod Ashworth Whitfield Pemberton Okafor Adeyemi Haddad Benali Nguyễn Trần García "
        "Müller Sørensen Nowak Kovács D'Angelo Van-Houten De_La_Cruz"
    ).split()
)
COMPANY_HEADS = (
    "Atelier Maison Forges Ateliers Comptoir Verreries Moulins Papeteries Northwind Bluestone Harbour Silverleaf "
    "Copperfield Redwood Larkspur Ironbridge Greenway Millbrook Oakhurst Stonegate"
).split()
COMPANY_TAILS = (
    "du Rhône;de l'Étang;des Alpilles;Saint-Éloi;du Vieux Port;de Brocéliande;Logistics;Robotics;Foods;Textiles;"
    "Instruments;Analytics;Marine;Energy;Interiors;Pharma;& Fils;& Daughters;Frères;Holding"
).split(";")
COMPANY_FORMS = ("SAS", "SARL", "SA", "Ltd", "LLP", "GmbH", "Inc.")
CITIES = (
    ("Lyon", "69003", "France"),
    ("Saint-Étienne", "42000", "France"),
    ("Orléans", "45000", "France"),
    ("Nîmes", "30900", "France"),
    ("L'Haÿ-les-Roses", "94240", "France"),
    ("Leeds", "LS1 4DY", "United Kingdom"),
    ("Bristol", "BS1 5TR", "United Kingdom"),
    ("Portland", "97205", "United States"),
    ("Montréal", "H2X 1Y4", "Canada"),
    ("Zürich", "8001", "Switzerland"),
    ("Kraków", "31-042", "Poland"),
    ("", "", ""),
)
STREETS = ("rue de l'Église", "avenue Jean-Jaurès", "quai du Canal", "High Street", "Mill Lane", "Station Road")
JOB_TITLES = (
    "Directrice générale;Responsable des achats;Chef de projet;Comptable;Head of Operations;Sales Manager;"
    "Software Engineer;Office Manager;Acheteur·euse;Founder & CEO;Directeur R&D;VP, Growth"
).split(";")
INDUSTRIES = (
    "COMPUTER_SOFTWARE",
    "LOGISTICS_AND_SUPPLY_CHAIN",
    "TEXTILES",
    "FOOD_PRODUCTION",
    "RENEWABLES_ENVIRONMENT",
)
SENTENCES = (
    "Merci pour votre retour, nous revenons vers vous d'ici jeudi.",
    "Please find the revised quote attached; the discount is valid until the end of the month.",
    "Le client souhaite déplacer la livraison « au plus tôt ».",
    "Called twice, no answer. Will try again tomorrow 📞",
    "Budget validé par la direction 🎉, reste la signature.",
    "They asked for a second demo with the finance team.",
    "L'intégration est bloquée : l'accès n'est pas encore ouvert.",
    'Price is fine, timing is not: "maybe after Q2".',
    "Contrat reçu, signé, classé.",
    "日本の支社も参加したいとのこと (Tokyo office wants to join).",
)
PARAGRAPHS = tuple(
    f"{a}\n{b}" if n % 3 else f"{a}\r\n\r\n\t{b} \\ fin"
    for n, (a, b) in enumerate(zip(SENTENCES, SENTENCES[3:] + SENTENCES[:3], strict=True))
)
HTML_NOTES = tuple(
    f'<div style="" dir="auto" data-top-level="true"><p>{a}</p><ul><li>{b}</li><li>A &amp; B</li></ul></div>'
    for a, b in zip(SENTENCES, SENTENCES[1:] + SENTENCES[:1], strict=True)
)
PRODUCTS = (
    "Abonnement annuel",
    "Onboarding pack",
    "Audit",
    "Support Premium",
    "Licence poste",
    "Training day",
    "Câble 2 m",
)
DEAL_KINDS = ("Renouvellement", "New business", "Extension", "Pilot", "Migration", "Upsell")
TICKETS = (
    "Impossible de se connecter",
    "Invoice shows the wrong VAT",
    "Export vide depuis mardi",
    "Feature request: dark mode 🌙",
    "Livraison incomplète",
    "Password reset e-mail never arrives",
)
CALLS = ("Découverte", "Follow-up call", "Relance facture", "Quarterly review", "Point d'étape")
MODELS = ("Kestrel", "Mistral", "Fjord", "Sable", "Comète")


def ascii_slug(text: str) -> str:
    """Letters and digits only, accents dropped: for e-mail addresses and domains."""
    return text.translate(_PLAIN).encode("ascii", "ignore").decode().lower()


_PLAIN = str.maketrans("éèêëàâäîïôöøùûüçñåłńóáíúýăÉÈÀÎÔÅŁØÄÜ", "eeeeaaaiiooouuucnalnoaiuyaEEAIOALOAU", " '’&.,-·")

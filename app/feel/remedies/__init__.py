"""What to write instead: remedies for texts that are no FEEL, and for those that are, and do not mean what they say.

Here live the catalogue of sentences, those who recognise the habits of other languages, and near names. Nothing here
runs unless a text was refused or somebody asks. Nothing here parses, compiles or evaluates: the parser is handed in.
"""

from app.feel.remedies.advice import Advice, advise
from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.doubts import Reading
from app.feel.remedies.mending import mended
from app.feel.remedies.names import Instead, instead_of_function, instead_of_method, instead_of_name
from app.feel.remedies.near import near
from app.feel.remedies.spots import Use

__all__ = [
    "Advice",
    "Instead",
    "Mistake",
    "Reading",
    "Use",
    "advise",
    "instead_of_function",
    "instead_of_method",
    "instead_of_name",
    "mended",
    "near",
]

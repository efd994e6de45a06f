"""The duty of confidentiality that everybody with access confirms: `confidentiality.toml`."""

from dataclasses import dataclass
from hashlib import sha256

from applications.schemes.text import Text


@dataclass(frozen=True)
class Confidentiality:
    """`list` is the path of the list of people with access; `name`, `email` and `institution` are
    its columns. Who confirms reads `text`, in paragraphs, and then says `statement`."""

    list: str
    name: str
    email: str
    institution: str
    text: tuple[Text, ...]
    statement: Text

    def words(self, language: str) -> str:
        """What is read and confirmed in this language, paragraph by paragraph."""
        read = [*(paragraph(language) for paragraph in self.text), self.statement(language)]
        return "\n\n".join(read)

    def digest(self, language: str) -> str:
        """The SHA-256, in hex, of these words in UTF-8."""
        return sha256(self.words(language).encode()).hexdigest()

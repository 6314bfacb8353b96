"""Warehouses and buyers' districts, and under which names they travel."""

from dataclasses import dataclass

WB_RUSSIA = "Склад WB РФ"
WB_OVERSIZE_RUSSIA = "Склад WB СГТ РФ"
WB_ANY = "Склад WB"
HIDDEN_ID = -999999


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A place where goods lie.

    `hidden_as` is the name that stands for it since 15 Aug 2026 (release note 570); None abroad,
    where names stayed. `still_named` places keep their own name in the remains report, and only
    there. `seller` places are the seller's own, never in that report.
    """

    name: str
    id: int
    region: str = "Центральный федеральный округ"
    hidden_as: str | None = WB_RUSSIA
    still_named: bool = False
    seller: bool = False

    def name_in_remains(self, *, hidden: bool) -> str:
        """Return the name in the remains report."""
        return self.hidden_as if hidden and self.hidden_as and not self.still_named else self.name

    def name_in_orders(self, *, hidden: bool) -> str:
        """Return the name in `supplier/orders`, which sends plain spaces."""
        hide = hidden and self.hidden_as and not self.seller
        return (self.hidden_as if hide and self.hidden_as else self.name).replace("\xa0", " ")

    def name_in_analytics(self, *, hidden: bool) -> str:
        """Return the name in the order feed and the stocks report."""
        return WB_ANY if hidden and not self.seller else self.name


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a buyer is."""

    country: str
    district: str
    region: str
    city: str


MOSCOW = Destination("Россия", "Центральный федеральный округ", "Московская", "Москва")

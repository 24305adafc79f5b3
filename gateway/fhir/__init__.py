"""What others read and write: HL7 FHIR R4, as plain JSON values.

Knows: how a bag line is written as a MedicationRequest, and what of a record is told in which
resource. May not know: IO, a FHIR library, the time, how anything is shown.
"""

from gateway.fhir.export import bundle
from gateway.fhir.nodes import LeftOut, Problem, Refused
from gateway.fhir.requests import Prescribed, read_bundle, to_request
from gateway.fhir.timing import Unsayable, canonical, from_dosages, to_dosages

__all__ = [
    "LeftOut",
    "Prescribed",
    "Problem",
    "Refused",
    "Unsayable",
    "bundle",
    "canonical",
    "from_dosages",
    "read_bundle",
    "to_dosages",
    "to_request",
]

"""Findings from a file, in three forms; each fault is one line that says where it stands"""

import json

import pytest

from trial.wording.catalogue import Finding
from trial.wording.fhir import SNOMED, SYSTEM
from trial.wording.findings import FindingsError
from trial.wording.reading import read

FOUND = (
    Finding("disc-bulge", "L4/5", "central", "mild", "incidental"),
    Finding("annular-fissure", "L5/S1", "left"),
)
OURS = {
    "findings": [
        {
            "kind": "disc-bulge",
            "level": "L4/5",
            "side": "central",
            "grade": "mild",
            "significance": "incidental",
        },
        {"kind": "annular-fissure", "level": "L5/S1", "side": "left"},
    ]
}
CSV = """kind,level,side,grade,significance
disc-bulge,L4/5,central,mild,incidental
annular-fissure, L5/S1 ,left,,

"""


def coded(system, code):
    return {"coding": [{"system": system, "code": code}]}


def component(part, value):
    return {"code": coded(SYSTEM, part), "valueCodeableConcept": value}


def observation(id, kind, **more):
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": {"text": "MRI finding"},
        "valueCodeableConcept": coded(SYSTEM, kind),
        **more,
    }


def bundle(*observations, **report):
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            *({"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in observations),
            {
                "resource": {
                    "resourceType": "DiagnosticReport",
                    "status": "final",
                    "code": {"text": "MRI of the lumbar spine"},
                    "result": [{"reference": f"Observation/{each['id']}"} for each in observations],
                    **report,
                }
            },
        ],
    }


BULGE = observation(
    "a",
    "disc-bulge",
    bodySite={"text": "L4/5"},
    component=[
        component("side", {"text": "central"}),
        component("grade", coded(SNOMED, "255604002")),
        {"code": coded(SYSTEM, "significance"), "valueString": "incidental"},
        {"code": {"text": "height in mm"}, "valueInteger": 3},
    ],
)
FISSURE = observation("b", "annular-fissure", bodySite={"text": "L5/S1", **coded(SNOMED, "7771000")})


def as_json(document):
    return json.dumps(document).encode()


def faults(name, data):
    with pytest.raises(FindingsError) as refused:
        read(name, data if isinstance(data, bytes) else as_json(data))
    return list(refused.value.faults)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("findings.json", as_json(OURS)),
        ("findings.CSV", CSV.encode("utf-8-sig")),
        ("report.json", as_json(bundle(BULGE, FISSURE))),
    ],
)
def test_the_three_forms_say_the_same(name, data):
    found = read(name, data)
    assert found.region == "lumbar"
    assert found.findings == FOUND


def test_the_report_tells_the_order_of_its_observations_and_which_are_its_own():
    other = observation("c", "modic-1", bodySite={"text": "L1/2"})
    results = [{"reference": "urn:uuid:b"}, {"reference": "Observation/a"}]
    assert read("x.json", as_json(bundle(BULGE, FISSURE, other, result=results))).findings == FOUND[::-1]


def test_a_report_may_contain_its_observations():
    report = {
        "resourceType": "DiagnosticReport",
        "status": "amended",
        "contained": [FISSURE],
        "result": [{"reference": "#b"}],
    }
    assert read("x.json", as_json(report)).findings == FOUND[1:]


def test_a_report_without_findings_may_name_its_region():
    assert read("x.json", as_json({"region": "knee", "findings": []})).region == "knee"
    assert read("x.json", as_json({"findings": []})).region == "lumbar"


def test_a_grade_may_be_a_number():
    given = {"findings": [{"kind": "cartilage-defect", "level": "medial", "side": "left", "grade": 3}]}
    assert read("x.json", as_json(given)).findings == (Finding("cartilage-defect", "medial", "left", "3"),)


def test_every_faulty_finding_has_its_line():
    given = {
        "findings": [
            {"kind": "disc-bulge", "level": "L7", "grade": "enormous"},
            {"kind": "disc-bulge", "level": "L4/5"},
            {"kind": "hernia", "level": "L4/5"},
        ]
    }
    assert [fault.split(" is not")[0] for fault in faults("x.json", given)] == [
        "findings[1].level: 'L7'",
        "findings[1].grade: 'enormous'",
        "findings[3].kind: 'hernia'",
    ]


def test_a_fault_of_a_table_names_its_line():
    table = b"kind,level\ndisc-bulge,L4/5\n\ndisc-bulge,L9\n"
    assert faults("x.csv", table) == ["line 4.level: 'L9' is not one of L1/2, L2/3, L3/4, L4/5, L5/S1"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.json", b"{", "file: is not JSON"),
        ("x.json", b"[" * 100_000, "file: is not JSON"),
        ("x.json", b"[]", "file: must hold one JSON object"),
        ("x.json", b"\xff", "file: must be UTF-8"),
        ("x.json", b" " * 1_000_001, "file: must have at most 1000000 bytes"),
        ("x.json", {"findings": {}}, "findings: must be a list of objects"),
        ("x.json", {"findings": [], "age": 52}, "age: this key is not known here"),
        ("x.json", {"findings": [], "region": "elbow"}, "region: 'elbow' is not one of lumbar, neck"),
        ("x.json", {"findings": [{"kind": 1, "level": "L4/5"}]}, "findings[1].kind: must be text"),
        ("x.json", {"findings": [{"kind": "disc-bulge"}]}, "findings[1].level: '' is not one of L1/2"),
        ("x.json", {"findings": [{"size": "3"}]}, "findings[1].size: this key is not known here"),
        ("x.json", {"findings": [OURS["findings"][0]] * 41}, "findings: must be at most 40"),
        (
            "x.json",
            {"findings": [OURS["findings"][1]] * 2},
            "findings[2]: is the same finding as findings[1]",
        ),
        (
            "x.json",
            {"findings": [OURS["findings"][1], {"kind": "hip-arthrosis", "level": "joint"}]},
            "findings[2].kind: 'hip-arthrosis' is not a finding of the region lumbar",
        ),
        ("x.csv", b"", "header: kind is missing"),
        ("x.csv", b"kind,level,size\n", "header: 'size' is not one of kind, level"),
        ("x.csv", b"kind,level,kind\n", "header: kind stands twice"),
        ("x.csv", b"kind,level\ndisc-bulge\n", "line 2: has 1 columns, not 2"),
        ("x.csv", b'kind,level\n"disc-bulge', "file: is not CSV: "),
        ("x.json", {"resourceType": "Patient"}, "DiagnosticReport: there must be one, not 0"),
        (
            "x.json",
            bundle(BULGE, status="preliminary"),
            "DiagnosticReport.status: 'preliminary' is not one of",
        ),
        (
            "x.json",
            bundle({**BULGE, "status": "entered-in-error"}),
            "Observation/a.status: 'entered-in-error' is not one of",
        ),
        (
            "x.json",
            bundle(result=[{"reference": "Observation/z"}]),
            "Observation/z: there is no such Observation",
        ),
        (
            "x.json",
            bundle(observation("a", "disc-bulge", bodySite={"text": "L9"})),
            "Observation/a.level: 'L9' is not one of L1/2",
        ),
        (
            "x.json",
            bundle({"resourceType": "Observation", "id": "a", "status": "final"}),
            "Observation/a.kind: ''",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(name, data, said):
    assert faults(name, data)[0].startswith(said)


def test_a_fault_is_one_line_of_moderate_length_whatever_the_file_holds():
    (said,) = faults("x.json", {"findings": [{"kind": "a\nb" * 1000, "level": "L4/5"}]})
    assert "\n" not in said
    assert said.startswith("findings[1].kind: 'a\\nb")
    assert len(said.split(" is not")[0]) < 100

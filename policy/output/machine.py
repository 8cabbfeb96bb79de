"""The report for machines: JSON, and SARIF 2.1.0 for code scanning."""

import json
from collections.abc import Mapping
from typing import Final

from policy.control import Control, Severity
from policy.report import Finding, Kind, Report

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_SCORES: Final = {  # GitHub's scale of security-severity
    Severity.LOW: "2.0",
    Severity.MEDIUM: "5.0",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}


def as_json(report: Report) -> str:
    """The report as one JSON object."""
    content = {
        "resources": report.resources,
        "failed": report.failed,
        "controls": [
            {
                "id": entry.control.id,
                "level": entry.level,
                "resources": entry.resources,
                "findings": [_finding(finding) for finding in entry.findings],
            }
            for entry in report.judged
        ],
        "off": [{"id": control.id, "reason": control.off_because} for control in report.off],
        "unused_exemptions": [
            {"control": item.control, "resource": item.resource, "owner": item.owner}
            for item in report.unused
        ],
        "counts": {kind: sum(1 for _ in report.findings(kind)) for kind in Kind},
    }
    return json.dumps(content, indent=2) + "\n"


def _finding(finding: Finding) -> Mapping[str, object]:
    return {
        "kind": finding.kind,
        "urn": finding.urn,
        "resource": finding.resource,
        "path": finding.path,
        "found": finding.found,
        "wanted": finding.wanted,
        "fix": finding.fix,
        "exempt": finding.exempt,
        "expired": finding.expired,
    }


def as_sarif(report: Report, program: str, stack: str) -> str:
    """The report as SARIF; `program` is the file that results are shown at.

    A resource has no line in a file, so each result names the program and, as its logical
    location, the resource. Reports of several stacks are told apart by their category: code
    scanning refuses two of one.
    https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
    """
    rules = [_rule(entry.control) for entry in report.judged]
    results = [_result(finding, program) for entry in report.judged for finding in entry.findings]
    driver = {"name": "event-driven-aws", "rules": rules}
    category = {"id": f"policy/{stack}/"}
    run = {"tool": {"driver": driver}, "automationDetails": category, "results": results}
    content = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(content, indent=2) + "\n"


def _rule(control: Control) -> Mapping[str, object]:
    rule: dict[str, object] = {
        "id": control.id,
        "shortDescription": {"text": control.title},
        "fullDescription": {"text": control.why},
        "help": {"text": control.fix},
        "properties": {
            "security-severity": _SCORES[control.severity],
            "tags": ["security", *control.sources],
        },
    }
    if control.url:
        rule["helpUri"] = control.url
    return rule


def _result(finding: Finding, program: str) -> Mapping[str, object]:
    where = f"{finding.resource}.{finding.path}" if finding.path else finding.resource
    result: dict[str, object] = {
        "ruleId": finding.control.id,
        "level": "error" if finding.fails else "warning",
        "message": {
            "text": f"{where}: found {finding.found}; wanted {finding.wanted}. {finding.fix}"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": program},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.urn, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"finding": f"{finding.control.id}/{finding.urn}/{finding.path}"},
    }
    if finding.exemption is not None and finding.exempt:
        result["suppressions"] = [{"kind": "external", "justification": finding.exemption.reason}]
    return result

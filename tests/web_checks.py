"""What is wrong with a page, for tests to compare with []: its HTML, its structured data, its accessibility."""

from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH

from tests.html_check import html_problems
from tests.structured_data import structured_data_problems

__all__ = ["accessibility_problems", "html_problems", "structured_data_problems"]

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
_RUN = """
    async rules => {
        const found = await axe.run(document, {
            runOnly: {type: "tag", values: rules},
            rules: {"target-size": {enabled: true}},  // of WCAG 2.2, and off unless asked for
            resultTypes: ["violations"],
        });
        return found.violations.flatMap(rule => rule.nodes.map(
            node => `${rule.id}: ${rule.help}: ${node.target.join(" ")} ${node.html.slice(0, 200)}`));
    }"""


async def accessibility_problems(page: Any) -> list[str]:
    """By axe, in a page of playwright as it looks now: WCAG 2.2 A and AA, and what axe recommends beside them."""
    await page.evaluate(_AXE)  # past the page's own content policy
    return await page.evaluate(_RUN, _RULES)

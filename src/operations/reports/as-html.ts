// A report as one file of HTML that loads nothing and runs nothing: text of hosts is escaped, and its policy forbids
// scripts, pictures and addresses of others. Pure.
import { chartSvg } from './chart-svg.ts';
import type { Block, Document, Table } from './document.ts';
import { escaped } from './escaped.ts';

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0; display: block; overflow-x: auto; }
th, td { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .2rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; min-width: 3rem; }
td { font: 13px/1.45 ui-monospace, monospace; }
svg { max-width: 100%; height: auto; display: block; margin: .5rem 0; }
summary { cursor: pointer; }
`;

export const htmlText = ({ title, blocks }: Document): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${blocks.map(blockHtml).join('\n')}
</body>
</html>
`;

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escaped(block.text)}</h2>`;
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
    case 'table':
      return tableHtml(block);
    case 'chart':
      return `<h3>${escaped(block.chart.title)}</h3>\n${chartSvg(block.chart)}`;
  }
}

function tableHtml({ header, rows, folded }: Table): string {
  const cells = (tag: 'th' | 'td', row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const head = header.some(Boolean) ? cells('th', header) : '';
  const table = `<table>\n${[head, ...rows.map((row) => cells('td', row))].filter(Boolean).join('\n')}\n</table>`;
  return folded === undefined ? table : `<details><summary>${escaped(folded)}</summary>\n${table}\n</details>`;
}

// Bars as one inline SVG with a summary in <title> and <desc>, and the same figures as a table one tap away.
import { h } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import * as WORDS from '../words.js';
import { Card } from './card.jsx';
import { DataTable, Table, titleUnlessSaid } from './table.jsx';

const BAR = 14;
const GAP = 8;

/** Rough width of a text in px: Latin signs are narrower than Chinese ones, bold digits up to this much. */
export function widthOf(text, size) {
  return [...text].reduce((sum, sign) => sum + (sign.charCodeAt(0) < 256 ? 0.72 : 1), 0) * size;
}

/** A label cut into lines that fit. */
export function linesOf(label, size, width) {
  const lines = [''];
  for (const sign of label) {
    const last = lines.length - 1;
    if (lines[last] && widthOf(lines[last] + sign, size) > width) lines.push(sign);
    else lines[last] += sign;
  }
  return lines;
}

/** Whether the rows can be compared: numbers of one unit, none below nothing. */
export function comparable(rows) {
  return rows.every((row) => row[3] === rows[0][3] && Number(row[2]) >= 0) && rows.some((row) => Number(row[2]) > 0);
}

export function summary(rows) {
  const values = rows.map((row) => Number(row[2]));
  const extreme = (value, words) => {
    const those = rows.filter((_, index) => values[index] === value);
    return words(those.map((row) => row[0]).join('、'), those[0][1]);
  };
  const most = Math.max(...values);
  const least = Math.min(...values);
  const parts = [WORDS.amount(rows.length), extreme(most, WORDS.most)];
  if (least < most) parts.push(extreme(least, WORDS.least));
  return `${parts.join('；')}。`;
}

export function Chart({ block, id, size, text }) {
  const frame = useRef();
  const [width, setWidth] = useState(280);
  useLayoutEffect(() => {
    const measure = () => frame.current && setWidth(frame.current.clientWidth || 280);
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, [size]);
  if (!comparable(block.rows)) return <Table block={block} text={text} />;

  const line = size * 1.4;
  const most = block.rows[0][3] === '%' ? Math.max(100, ...block.rows.map((row) => Number(row[2]))) : Math.max(...block.rows.map((row) => Number(row[2])));
  const room = width - GAP - Math.max(...block.rows.map((row) => widthOf(row[1], size)));
  let y = 0;
  const bars = block.rows.map(([label, figure, value]) => {
    const top = y;
    const lines = linesOf(label, size, width);
    const middle = top + lines.length * line + line / 2;
    const length = Math.max(2, (Number(value) / most) * room);
    y = top + (lines.length + 1) * line + GAP;
    return (
      <g>
        {lines.map((part, index) => <text x="0" y={top + index * line + size}>{part}</text>)}
        <rect x="0" y={middle - BAR / 2} width={length} height={BAR} rx="3" />
        <text class="value" x={length + GAP} y={middle + size * 0.36}>{figure}</text>
      </g>
    );
  });
  const title = `${id}-title`;
  const desc = `${id}-desc`;
  return (
    <Card title={titleUnlessSaid(block.title, text)} kind="data">
      <div ref={frame}>
        <svg class="graph" role="img" aria-labelledby={`${title} ${desc}`} width={width} height={y}>
          <title id={title}>{block.title}</title>
          <desc id={desc}>{summary(block.rows)}</desc>
          {bars}
        </svg>
      </div>
      <details>
        <summary>{WORDS.showData}</summary>
        <DataTable block={block} />
      </details>
    </Card>
  );
}

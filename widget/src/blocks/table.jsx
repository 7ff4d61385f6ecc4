// Figures as a table: two columns from [label, figure, value, unit], or the columns the block names.
import { h } from 'preact';
import * as WORDS from '../words.js';
import { Card } from './card.jsx';

export function DataTable({ block }) {
  const columns = block.columns || [WORDS.item, WORDS.figure];
  return (
    <table>
      <caption class="unseen">{block.title}</caption>
      <thead><tr>{columns.map((column) => <th scope="col">{column}</th>)}</tr></thead>
      <tbody>
        {block.rows.map((row) => (
          <tr>
            {columns.map((_, index) => (index ? <td>{row[index]}</td> : <th scope="row">{row[0]}</th>))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The title, or "" when the text of the answer says it. */
export function titleUnlessSaid(title, text) {
  return String(text).replace(/[，：]/g, '').includes(title) ? '' : title;
}

export function Table({ block, text }) {
  return (
    <Card title={titleUnlessSaid(block.title, text)} kind="data">
      {block.unit && <p class="note">{block.unit}</p>}
      <DataTable block={block} />
    </Card>
  );
}

// One block of an answer. An unknown type shows nothing: the text of the answer is complete.
import { h } from 'preact';
import { Chart } from './chart.jsx';
import { Checklist } from './checklist.jsx';
import { Contact } from './contact.jsx';
import { Deadline } from './deadline.jsx';
import { Form } from './form.jsx';
import { Handover } from './handover.jsx';
import { Steps } from './steps.jsx';
import { Table } from './table.jsx';

const KINDS = { chart: Chart, checklist: Checklist, contact: Contact, deadline: Deadline, form: Form, handover: Handover, steps: Steps, table: Table };
const LISTS = { steps: 'items', checklist: 'items', contact: 'entries', chart: 'rows', table: 'rows' };

/** Blocks that can be shown: of a known type, with something in them, and no single step that the text says already. */
export function usable(blocks = [], text = '') {
  return blocks.filter((block) => {
    const list = LISTS[block.type];
    if (!Object.keys(KINDS).includes(block.type) || (list && !block[list]?.length)) return false;
    return !(block.type === 'steps' && block.items.length === 1 && text.includes(block.items[0]));
  });
}

export function Block(props) {
  const Kind = KINDS[props.block.type];
  return <Kind {...props} />;
}

// The conversation. It is a polite live region in which only the text of a new answer is announced: what a person says and what was there
// before stands in parts that are not live, and the cards of an answer are put into such a part after its text.
import { Fragment, h } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Block, usable } from './blocks/block.jsx';
import { Citations } from './blocks/citations.jsx';
import { EDIT, SEND } from './blocks/handover.jsx';
import { WELCOME, markable, visible } from './chat.js';
import { Icon } from './icons.jsx';
import { phonesOf, safeAddress } from './links.js';
import { Text } from './text.jsx';
import { maybeChanged, shownText, spokenText } from './trim.js';
import * as WORDS from './words.js';

const FOR_GOOD = ['too_long', 'bad_request'];
const MARGIN = 12;

function Mine({ entry, offline, chat }) {
  const failed = entry.state === 'failed';
  const waits = entry.state === 'wait' && (offline || entry.error);
  return (
    <article class="mine" aria-live="off">
      <span class="unseen">{WORDS.mine}</span>
      <p class="bubble">{entry.text}</p>
      {(failed || waits) && (
        <p class="unsent">
          {WORDS.unsentWhy[entry.error] || WORDS.unsent}
          {!FOR_GOOD.includes(entry.error) && <button type="button" class="quiet" onClick={() => chat.again(entry.id)}>{WORDS.again}</button>}
        </p>
      )}
    </article>
  );
}

function Choices({ buttons, numbered, onTap }) {
  if (!buttons.length) return null;
  return (
    <div class={numbered ? 'choices numbered' : 'choices'} role="group" aria-label={WORDS.choices}>
      {buttons.map((button, index) => {
        const number = numbered && <span class="number">{index + 1}</span>;
        if (!button.url) return <button type="button" class="choice" onClick={() => onTap(button)}>{number}<span>{button.title}</span></button>;
        const href = safeAddress(button.url);
        return href && <a class="choice" href={href} target="_blank" rel="noopener noreferrer">{button.title}<span class="unseen">{WORDS.newWindow}</span></a>;
      })}
    </div>
  );
}

function Actions({ entry, marking, onMark, speech, text }) {
  const reading = speech?.reading === entry.id;
  if (!speech && !marking && !entry.marked) return null;
  return (
    <div class="actions">
      {speech && (
        <button type="button" class="quiet" aria-pressed={reading} onClick={() => speech.toggle(entry.id, text)}>
          <Icon name={reading ? 'stop' : 'speak'} />{reading ? WORDS.readStop : WORDS.read}
        </button>
      )}
      {entry.marked && <span class="note">{WORDS.marked}</span>}
      {marking && !entry.marked && (
        <Fragment>
          <button type="button" class="quiet" onClick={() => onMark(true)}><Icon name="thumb" />{WORDS.helpful}</button>
          <button type="button" class="quiet" onClick={() => onMark(false)}><Icon name="thumb" turned />{WORDS.unhelpful}</button>
        </Fragment>
      )}
    </div>
  );
}

/** A counted last day, and the phones in an emergency, stand above the text. */
const comesFirst = (block, answer) => block.last_day || (block.type === 'contact' && answer.status === 'emergency');

function Answer({ entry, latest, marking, view }) {
  const { chat, size, tell, moved, settle, speech } = view;
  const [whole, setWhole] = useState(!chat.fresh.has(entry.id));
  useEffect(() => setWhole(true), []);
  useLayoutEffect(settle, [whole]);

  const answer = entry.answer || {};
  const buttons = entry.old ? [] : answer.buttons || entry.buttons || [];
  const { before, after, numbered } = shownText(entry.text, answer, buttons);
  const phones = phonesOf(answer.blocks);
  const now = latest ? buttons : [];
  const blocks = usable(answer.blocks, entry.text);
  const sent = blocks.some((block) => block.type === 'handover' && block.desk);
  const choices = sent ? now.filter((button) => ![SEND, EDIT].includes(button.payload)) : now;
  const draw = (block, index) => (
    <Block key={index} block={block} id={`${entry.id}-${index}`} phones={phones} text={entry.text} after={after} size={size}
      session={chat.session} buttons={now} chat={chat} isLast={() => chat.isLast(entry.id)} tell={tell} moved={moved} />
  );
  const tap = (button) => {
    if (!chat.isLast(entry.id)) return;
    if (button.payload) chat.tap(button);
    else chat.say(button.title);
    moved();
  };
  const mark = (helpful) => {
    chat.mark(entry.id, helpful);
    tell(WORDS.marked);
    moved();
  };
  return (
    <article class={`theirs ${answer.status || ''}`} aria-live={chat.fresh.has(entry.id) ? undefined : 'off'}>
      <div class="answer">
        <span class="unseen">{WORDS.theirs}</span>
        <div aria-live="off">{whole && blocks.map((block, index) => comesFirst(block, answer) && draw(block, index))}</div>
        {before && <div class="text"><Text text={before} phones={phones} /></div>}
        <div aria-live="off">
          {whole && (
            <Fragment>
              {blocks.map((block, index) => block.type !== 'form' && !comesFirst(block, answer) && draw(block, index))}
              <Citations citations={answer.citations} changed={maybeChanged(entry.text)} />
              {blocks.map((block, index) => block.type === 'form' && draw(block, index))}
            </Fragment>
          )}
        </div>
      </div>
      <div aria-live="off">
        {whole && <Actions entry={entry} marking={marking} onMark={mark} speech={speech} text={spokenText(entry.text)} />}
        {whole && <Choices buttons={choices} numbered={numbered} onTap={tap} />}
      </div>
    </article>
  );
}

/** The last answer at the end of the view, or, when it is longer than the view, its beginning at the top, below the question if that fits. */
function scrollToLast(log) {
  const scroller = log.scrollHeight > log.clientHeight + 1 ? log : log.closest('dialog');
  const last = log.querySelector('article:last-of-type');
  if (!scroller || !last) return;
  const tall = last.matches('.theirs') && last.offsetHeight > scroller.clientHeight - 2 * MARGIN;
  const question = last.previousElementSibling;
  const top = question?.matches('.mine') && question.offsetHeight < scroller.clientHeight / 5 ? question : last;
  const offset = top.getBoundingClientRect().top - scroller.getBoundingClientRect().top - MARGIN;
  scroller.scrollTop = tall ? scroller.scrollTop + offset : scroller.scrollHeight;
}

export function Messages({ chat, size, speech, tell, moved, log }) {
  const { entries, typing, net, watching } = chat.state;
  const shown = visible(entries);
  const last = shown[shown.length - 1];
  const marked = markable(entries);
  const lastOld = shown.filter((entry) => entry.old).pop();
  const settle = () => {
    if (watching && log.current) scrollToLast(log.current);
  };
  useLayoutEffect(settle, [last?.id, typing, size, watching]);
  const view = { chat, size, speech, tell, moved, settle };
  const welcome = { id: WELCOME, text: WORDS.welcome, buttons: WORDS.starters.map((title) => ({ title })) };
  return (
    <div class="talk" ref={log} role="log" aria-live="polite" aria-relevant="additions" aria-label={WORDS.log} tabindex="0">
      {shown[0]?.from !== 'bot' && <Answer key={WELCOME} entry={welcome} latest={!last} view={view} />}
      {shown.map((entry) => (
        <Fragment key={entry.id}>
          {entry.from === 'me'
            ? <Mine entry={entry} offline={net !== 'online'} chat={chat} />
            : <Answer entry={entry} latest={entry === last} marking={entry.id === marked} view={view} />}
          {entry === lastOld && <p class="divider" aria-live="off">{WORDS.earlier}</p>}
        </Fragment>
      ))}
      {typing && <div class="waiting" aria-hidden="true"><i /><i /><i /></div>}
    </div>
  );
}

// A part of an answer under its own small heading.
import { h } from 'preact';

export function Card({ title, kind = '', children }) {
  return (
    <section class={`part ${kind}`}>
      {title && <h3>{title}</h3>}
      {children}
    </section>
  );
}

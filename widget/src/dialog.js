// The panel as a <dialog>: modal on narrow screens, above a soft keyboard, Esc closes.
import { useLayoutEffect } from 'preact/hooks';

const NARROW = '(max-width: 560px)';

/** Shows the dialog while `open`; `entered` sets the focus after it is shown, `left` after it is closed. */
export function useDialog(dialog, open, entered, left) {
  useLayoutEffect(() => {
    if (!open) return undefined;
    const element = dialog.current;
    const narrow = matchMedia(NARROW);
    const viewport = window.visualViewport;
    const fit = () => {
      const { style } = element;
      style.height = narrow.matches && viewport ? `${viewport.height}px` : '';
      style.top = narrow.matches && viewport ? `${viewport.offsetTop}px` : '';
    };
    const show = () => {
      const { activeElement } = element.getRootNode();
      if (element.open) element.close();
      if (narrow.matches) element.showModal();
      else element.show();
      fit();
      if (activeElement && element.contains(activeElement)) activeElement.focus();
    };
    show();
    entered();
    narrow.addEventListener('change', show);
    viewport?.addEventListener('resize', fit);
    viewport?.addEventListener('scroll', fit);
    return () => {
      narrow.removeEventListener('change', show);
      viewport?.removeEventListener('resize', fit);
      viewport?.removeEventListener('scroll', fit);
      element.close();
      left();
    };
  }, [open]);
}

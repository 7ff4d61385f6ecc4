// The pages that carry the widget: a strict policy, a style sheet that fights it, an origin that may not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { page, startSite } from './lib/site.mjs';
import { ADDRESS, inside, pause, until, visit, visitOpen } from './lib/visit.mjs';

const { SITE_ADDRESS, SITE_PORT } = process.env;

test('another origin that is allowed, under a policy that allows nothing but the assistant', async (t) => {
  const policy = `default-src 'none'; script-src ${SITE_ADDRESS}; connect-src ${SITE_ADDRESS} ${SITE_ADDRESS.replace('http', 'ws')}`;
  const html = page(SITE_ADDRESS, { tag: `data-server="${SITE_ADDRESS}"` }).replace('<link rel="icon" href="data:,">', '');
  const origin = await startSite(t, { port: Number(SITE_PORT), html, headers: { 'Content-Security-Policy': policy } });
  const widget = await visit(t, { url: origin, size: 'phone', expected: /favicon|status of 404/ });
  await widget.page.evaluate(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => event.sourceFile && window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await widget.open();
  assert.equal(await inside(widget.page, (root) => getComputedStyle(root.querySelector('dialog [aria-pressed=true]')).minHeight), '44px');
  await widget.say('交警罚了我两百块我不服');
  await widget.page.getByRole('checkbox').first().check();
  await widget.button('打印清单').click();
  await widget.shot('strict-policy');
  for (const words of ['帮我算算复议还剩几天', '交警罚款', '昨天', '交警大队', '写了']) await widget.say(words);
  await Promise.all([widget.page.waitForEvent('download'), widget.button('加入日历').click()]);
  await widget.say('各类非诉服务分别办了多少件');
  assert.deepEqual(await widget.page.evaluate(() => window.violations), []);
});

test('another origin that is not allowed gets no connection, and people are named instead', async (t) => {
  const origin = await startSite(t, { html: page(ADDRESS, { tag: `data-server="${ADDRESS}"` }) });
  const widget = await visitOpen(t, { url: origin, expected: /WebSocket connection|CORS|net::ERR_/ });
  const frames = [];
  widget.page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(payload)));
  await widget.page.getByText('现在连不上').waitFor(); // the browser does not tell a script why
  await widget.type('法律援助要钱吗');
  await pause(1500);
  assert.deepEqual(frames, []);
  assert.equal(await widget.answers.count(), 1, 'the greeting only');
  assert.equal(await widget.page.evaluate(() => Object.keys(localStorage).some((key) => key.endsWith(':token'))), false);
  await widget.shot('origin-refused');
});

// What a host's style sheet may do by accident, and more.
const HOSTILE = `<style>
html { font-size: 62.5%; line-height: 3; letter-spacing: .3em; word-spacing: 1em; text-indent: 2em; text-align: center; user-select: none; cursor: wait;
  --type: 60px; --main: #f0f; --text: #f0f; }
* { all: unset !important; }
* { box-sizing: content-box !important; font: italic 900 4rem/1 serif !important; color: #f00 !important; background: #ff0 !important;
  text-transform: uppercase !important; text-shadow: 2px 2px #0f0 !important; transition: all 2s !important;
  animation: spin 1s infinite !important; display: block !important; position: static !important; z-index: 0 !important; }
html { direction: rtl !important; writing-mode: horizontal-tb !important; overflow: hidden !important; animation: none !important; }
head { display: none !important; }
body { transform: rotate(3deg) scale(.8) !important; filter: grayscale(1) !important; perspective: 300px !important; opacity: .6 !important;
  width: 300px !important; height: 400px !important; overflow: hidden !important; }
body *, zaofatong-chat { opacity: .2 !important; transform: rotate(3deg) !important; margin: 40px !important; padding: 30px !important;
  border: 9px dotted red !important; writing-mode: vertical-rl !important; }
dialog, button, textarea, input, svg, ul, li, table { width: 40px !important; max-width: 40px !important; float: left !important; }
zaofatong-chat { display: none !important; visibility: hidden !important; pointer-events: none !important; contain: strict !important; clip-path: inset(50%) !important; }
button:focus-visible, textarea:focus-visible { outline: none !important; }
@keyframes spin { to { rotate: 360deg; } }
@keyframes wait { to { rotate: 360deg; } }
</style>`;

/** Everything that can be measured inside: where each element is, and how it is drawn. */
function measure(root) {
  const PROPERTIES = ['fontSize', 'fontFamily', 'fontStyle', 'fontWeight', 'lineHeight', 'letterSpacing', 'wordSpacing', 'textIndent', 'textTransform', 'textAlign',
    'textShadow', 'direction', 'writingMode', 'whiteSpace', 'color', 'backgroundColor', 'opacity', 'cursor', 'visibility', 'userSelect', 'boxSizing', 'transform'];
  return [...root.querySelectorAll('.app *')].filter((element) => element.getClientRects().length).map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const seen = { what: `${element.tagName} ${element.className.baseVal ?? element.className}`, box: [x, y, width, height].map(Math.round).join(' ') };
    PROPERTIES.forEach((property) => { seen[property] = style[property]; });
    return seen;
  });
}

for (const size of ['phone', 'desk']) {
  test(`a style sheet that fights everything changes nothing inside (${size})`, async (t) => {
    const come = (head) => visit(t, { size, isMobile: false, path: '/host', html: page('', { head }) }); // a phone would zoom out to see all of the mess
    const [calm, hostile] = await Promise.all([come(''), come(HOSTILE)]);
    const compare = async (state) => {
      const [expected, found] = await Promise.all([calm, hostile].map((widget) => inside(widget.page, measure)));
      assert.equal(found.length, expected.length, state);
      const different = found.filter((seen, index) => JSON.stringify(seen) !== JSON.stringify(expected[index]));
      assert.deepEqual(different.slice(0, 2), different.slice(0, 2).map((seen) => expected[found.indexOf(seen)]), state);
    };
    await Promise.all([calm.launcher.waitFor(), until(() => hostile.page.evaluate(() => !!document.querySelector('zaofatong-chat')), 'the widget')]);
    await pause(300);
    await hostile.shot(`hostile-closed-${size}`);
    await compare('closed');
    for (const widget of [calm, hostile]) await widget.open();
    await compare('open');
    for (const widget of [calm, hostile]) await widget.say('交警罚了我两百块我不服');
    await pause(200);
    await hostile.shot(`hostile-${size}`);
    await compare('an answer');
    const { x, y, width, height } = await calm.dialog.boundingBox();
    const clip = { x: x + 16, y: y + 16, width: width - 32, height: height - 32 }; // without the round corners
    const [expected, found] = await Promise.all([calm, hostile].map((widget) => widget.page.screenshot({ clip })));
    assert.ok(expected.equals(found), 'looks the same');
  });
}

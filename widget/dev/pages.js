// Pages that carry the widget: a calm one under a strict CSP, one whose style sheet fights it, and a shared terminal.
const body = `<header><h1>某市人民政府</h1></header><main><h2>政务服务工作报告发布</h2><p>过去一年，全市政务服务事项网上可办率稳步提高。</p>
<p>更多内容请看<a href="#more">办事服务</a>。</p><button>打印本页</button></main>`;

const HOSTILE = `html{font-size:62.5%;line-height:3;letter-spacing:.3em;text-align:center;direction:rtl;user-select:none;cursor:wait;--pri:#f0f;--f:60px}
*{box-sizing:content-box!important;font-family:serif!important;color:#f00!important;text-transform:uppercase!important;transition:all 2s!important}
body *{display:block!important;position:static!important;opacity:.2!important;background:#ff0!important;z-index:0!important;transform:rotate(3deg)!important}
dialog,button,textarea,input,svg,ul,li{margin:40px!important;padding:30px!important;border:9px dotted red!important;font-size:4rem!important}
zaofatong-chat{display:none!important;visibility:hidden!important;pointer-events:none!important}`;

export function pageFor(url, port) {
  const server = `http://127.0.0.1:${port}`; // engine.io does not listen for "offline" on localhost
  const tag = (extra = '') => `<script src="${server}/widget.js" data-server="${server}" ${extra} defer></script>`;
  const page = (head, extra) => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>某市人民政府</title>${head}${tag(extra)}</head><body>${body}</body></html>`;
  const csp = `default-src 'none'; script-src ${server}; connect-src ${server} ${server.replace('http', 'ws')}`;
  if (url === '/') return { body: page(''), headers: { 'Content-Security-Policy': csp } };
  if (url === '/empty') return { body: '<!doctype html><html lang="zh-CN"><title>x</title>' };
  if (url === '/hostile') return { body: page(`<style>${HOSTILE}</style>`) };
  if (url === '/terminal') return { body: page('', 'data-history="none"'), headers: { 'Content-Security-Policy': csp } };
  return null;
}

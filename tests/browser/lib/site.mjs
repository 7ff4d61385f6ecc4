// A bureau's own website: pages with the widget's script tag, on an origin that is not the assistant's.
import http from 'node:http';

/** A calm page; `tag`: what the script tag says besides its address. */
export function page(server, { head = '', tag = '' } = {}) {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>某市人民政府</title>
<link rel="icon" href="data:,">${head}<script src="${server}/widget.js" ${tag} defer></script></head>
<body><header><h1>某市人民政府</h1></header><main><h2>通知公告</h2><p>政务服务大厅周末照常办理。<a href="#more">更多</a></p><ul><li>第一条</li><li>第二条</li></ul>
<button type="button">打印本页</button></main></body></html>`;
}

/** Serve one page on `port` (0: any) until the test ends; returns the origin. */
export async function startSite(t, { port = 0, html, headers = {} }) {
  const server = http.createServer((request, response) => {
    response.writeHead(request.url === '/' ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
    response.end(request.url === '/' ? html : '');
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

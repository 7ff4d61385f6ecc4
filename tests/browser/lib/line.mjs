// The line between a browser and the assistant, which can be cut. Bytes pass as they are: to the browser the line's address is the server's.
// Each line comes from a loopback address of its own, so that the server counts each visitor for itself, as it does on the open internet.
import net from 'node:net';

let lines = 0;

function ownAddress() {
  lines += 1;
  return `127.${1 + (process.pid % 250)}.${Math.floor(lines / 250)}.${1 + (lines % 250)}`;
}

/** A line to `address`: its own address, cut() every connection (whether there was one), down() and up() again, close(). */
export async function layLine(address) {
  const { hostname, port } = new URL(address);
  const localAddress = ownAddress();
  const ends = new Set();
  let isDown = false;
  const server = net.createServer((near) => {
    if (isDown) {
      near.destroy();
      return;
    }
    const far = net.connect({ host: hostname, port: Number(port), localAddress });
    for (const [end, other] of [[near, far], [far, near]]) {
      ends.add(end);
      end.setNoDelay(true);
      end.on('error', () => {});
      end.on('close', () => {
        ends.delete(end);
        other.destroy();
      });
      end.pipe(other);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    const open = ends.size;
    ends.forEach((end) => end.resetAndDestroy());
    return open > 0;
  };
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    cut,
    down() {
      isDown = true;
      cut();
    },
    up() {
      isDown = false;
    },
    close() {
      server.close();
      cut();
    },
  };
}

// Opens the page again and again; prints the milliseconds from the script's load event to the first frame after the panel was opened.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { chromium } = createRequire(join(process.cwd(), 'package.json'))('playwright-core');
const [address, executablePath, rounds] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const spent = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await page.addInitScript(() => {
    addEventListener('load', () => {
      const loaded = performance.getEntriesByType('resource').find((entry) => entry.name.endsWith('/widget.js')).responseEnd;
      const host = document.querySelector('zaofatong-chat');
      host.shadowRoot.querySelector('button').click();
      requestAnimationFrame(() => setTimeout(() => { window.painted = performance.now() - loaded; }, 0));
    });
  });
  await page.goto(address);
  await page.waitForFunction(() => window.painted !== undefined);
  if (!(await page.getByRole('dialog').isVisible())) throw new Error('the panel did not open');
  spent.push(await page.evaluate(() => window.painted));
  await page.close();
}
await browser.close();
process.stdout.write(JSON.stringify(spent));

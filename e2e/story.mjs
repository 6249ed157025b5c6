// The whole main job, in a real browser: somebody finds an item, applies, is served, and rates it; once with script
// and once without. Started by `cargo xtask test`, which names the server and the browser:
//
//   ORIGIN       where the server listens, http://127.0.0.1:PORT; it must be fresh and in demonstration mode
//   CHROMIUM     the browser's executable
//   SCREENSHOTS  where pictures go
//   LOOK         "all" (default): pictures and axe-core of every page; "none": only the story

import { Stage, StoryEnds } from './lib/stage.mjs';
import { find } from './chapters/find.mjs';
import { apply } from './chapters/apply.mjs';
import { decide } from './chapters/decide.mjs';
import { correct } from './chapters/correct.mjs';
import { identity } from './chapters/identity.mjs';
import { partner } from './chapters/partner.mjs';
import { privacy } from './chapters/privacy.mjs';
import { relatives } from './chapters/relatives.mjs';
import { review } from './chapters/review.mjs';
import { certificates } from './chapters/certificates.mjs';
import { withoutScript } from './chapters/without-script.mjs';

const setting = (name, otherwise) => {
  const value = process.env[name] ?? otherwise;
  if (value === undefined) throw new Error(`${name} is not set; run cargo xtask test`);
  return value;
};

const stage = new Stage({
  origin: setting('ORIGIN').replace(/\/$/, ''),
  browser: setting('CHROMIUM'),
  folder: setting('SCREENSHOTS', new URL('screenshots', import.meta.url).pathname),
  looks: setting('LOOK', 'all') === 'all',
});

await stage.open();
try {
  await find(stage);
  const applied = await apply(stage);
  await decide(stage, applied);
  await correct(stage);
  await certificates(stage);
  await privacy(stage);
  await partner(stage);
  await withoutScript(stage);
  await identity(stage);
  await relatives(stage);
  await review(stage);
} catch (error) {
  if (!(error instanceof StoryEnds)) throw error;
} finally {
  await stage.close();
}
const failed = stage.failures.length;
console.log(`\n${stage.scenes - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

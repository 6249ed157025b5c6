// A board as a picture: an 8-bit gray PNG of tracks, without and with a track cut through.

import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

const SIDE = 320;

/** The picture of a board, cut where `cut` says, and its SHA-256. */
export function board(cut) {
  const rows = Buffer.alloc(SIDE * (SIDE + 1), 0xdc);
  for (let y = 0; y < SIDE; y += 1) {
    rows[y * (SIDE + 1)] = 0;
    for (let x = 0; x < SIDE; x += 1) {
      const track = y % 40 < 8 && x > 20 && x < 300;
      const gap = cut && x >= cut.x && x < cut.x + cut.width && y >= cut.y && y < cut.y + cut.height;
      if (track && !gap) rows[y * (SIDE + 1) + 1 + x] = 0x10;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIDE, 0);
  head.writeUInt32BE(SIDE, 4);
  head[8] = 8;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const bytes = Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
  return { bytes, hash: createHash('sha256').update(bytes).digest('hex') };
}

function chunk(name, data) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const named = Buffer.concat([Buffer.from(name), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named) >>> 0);
  return Buffer.concat([length, named, sum]);
}

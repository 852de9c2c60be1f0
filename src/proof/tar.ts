const BLOCK = 512;

/** A file of an archive that we make. */
export interface TarFile {
  name: string;
  mode: number;
  content: Buffer;
}

/** Packs files into a ustar archive (POSIX pax, "ustar Interchange Format"), owned by root. */
export function packTar(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap(({ name, mode, content }) => [
    header(name, mode, content.length),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(name: string, mode: number, size: number): Buffer {
  if (Buffer.byteLength(name) > 99) throw new RangeError(`${name}: too long a name for ustar`);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  const octal = (value: number, at: number, length: number): void => {
    block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at);
  };
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.fill(" ", 148, 156);
  block.write("0", 156);
  block.write("ustar\u000000", 257);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

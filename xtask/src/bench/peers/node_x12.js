// node-x12 reading an 837 as a stream of segments: `node node_x12.js MODULES FILE`. It judges no edits.
const { createReadStream } = require("fs");
const { resolve } = require("path");
const { X12Parser } = require(resolve(process.argv[2], "node-x12"));

const parser = new X12Parser();
let segments = 0;
parser.on("data", () => (segments += 1));
parser.on("end", () => console.log(JSON.stringify({ segments })));
createReadStream(process.argv[3]).pipe(parser);

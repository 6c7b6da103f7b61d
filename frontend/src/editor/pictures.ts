/** The drawing as a file: SVG as the server makes it, or PNG painted from that. */
import { text } from "../api/client";
import { gettext } from "../ui/words";
import { handOver } from "./saving/keep";

/** Sharp on a screen of today, and on paper. */
const SCALE = 2;
/** Beyond this a browser may give back an empty picture. */
const LONGEST = 12_000;

/** Hands the saved drawing of a draft to the person. */
export async function downloadPicture(url: string, name: string, kind: "svg" | "png"): Promise<void> {
  const drawing = await text(`${url}/picture`);
  if (kind === "svg") handOver(drawing, `${name}.svg`, "image/svg+xml");
  else handOver(await painted(drawing), `${name}.png`, "image/png");
}

async function painted(drawing: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing)}`;
  await image.decode();
  const scale = Math.min(SCALE, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  const paint = canvas.getContext("2d");
  if (!paint) throw new Error(gettext("This browser cannot paint the picture. Take the SVG."));
  paint.fillStyle = "#fff";
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(gettext("The picture is too large. Take the SVG.")))), "image/png");
  });
}

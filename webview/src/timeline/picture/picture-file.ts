import { Canvas2dRenderer } from "../canvas2d-renderer";
import { SvgRenderer } from "./svg-renderer";
import { drawPicture, pictureSize, type TimelinePicture } from "./timeline-picture";

export type PictureForm = "svg" | "png";

/** Px of the file for a px of the page, in pictures that are made of px. */
const PNG_RATIO = 2;

/** The picture as the bytes of a file. */
export async function pictureFile(picture: TimelinePicture, form: PictureForm): Promise<Uint8Array> {
  const { width, height } = pictureSize(picture);
  const canvas = document.createElement("canvas");
  const renderer = new Canvas2dRenderer(canvas);
  if (form === "svg") {
    const svg = new SvgRenderer(width, height, (text, font) => renderer.textWidth(text, font));
    drawPicture(svg, picture);
    return new TextEncoder().encode(svg.toString());
  }
  renderer.resize(width, height, PNG_RATIO);
  drawPicture(renderer, picture);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("this browser makes no PNG of a canvas");
  return new Uint8Array(await blob.arrayBuffer());
}

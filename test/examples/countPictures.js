/**
 * Counts the canvases of a page, and how many of them show a picture: at least a tenth of the pixels is neither black
 * nor white, in more than 16 grey values.
 */
window.__countPictures = () => {
  const canvases = [...document.querySelectorAll('canvas')];
  const pictures = canvases.filter((canvas) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    const greys = data.filter((value, i) => i % 4 === 0 && value > 10 && value < 245);
    return greys.length > (width * height) / 10 && new Set(greys).size > 16;
  });
  return { canvases: canvases.length, pictures: pictures.length };
};

/* Stands in the place of JBIG-KIT (GPL) in the frozen program.
 *
 * The TIFF library beside Tesseract asks for it when a TIFF file holds a picture packed by JBIG. Tesseract is
 * given pixels here, never files, so that never happens; if it did, the picture would be refused.
 */

void jbg_dec_init(void *state) { (void)state; }
int jbg_dec_in(void *state, unsigned char *data, unsigned long size, unsigned long *read) {
    (void)state, (void)data, (void)size, (void)read;
    return 6 << 4; /* JBG_EINVAL */
}
unsigned char *jbg_dec_getimage(const void *state, int plane) { return (void)state, (void)plane, (unsigned char *)0; }
long jbg_dec_getsize(const void *state) { return (void)state, 0; }
void jbg_dec_free(void *state) { (void)state; }
void jbg_enc_init(void *state, unsigned long x, unsigned long y, int planes, unsigned char **p, void *out, void *file) {
    (void)state, (void)x, (void)y, (void)planes, (void)p, (void)out, (void)file;
}
void jbg_enc_out(void *state) { (void)state; }
void jbg_enc_free(void *state) { (void)state; }
int jbg_newlen(unsigned char *data, unsigned long size) { return (void)data, (void)size, 6 << 4; }
const char *jbg_strerror(int error) { return (void)error, "JBIG is not read"; }

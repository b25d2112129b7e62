#include "hdf5_files.h"

#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

static int add_array(hid_t file, const struct hdf5_files_entry *entry, hid_t links, hid_t creation) {
  hsize_t extents[H5S_MAX_RANK];
  if (entry->rank > H5S_MAX_RANK) return -1;
  for (size_t axis = 0; axis < entry->rank; axis++) extents[axis] = entry->extents[axis];
  hid_t space = H5Screate_simple((int)entry->rank, extents, NULL);
  hid_t dataset = H5Dcreate2(file, entry->path, H5T_IEEE_F32LE, space, links, creation, H5P_DEFAULT);
  int status = dataset < 0 ? -1 : H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, entry->values);
  if (dataset >= 0) H5Dclose(dataset);
  H5Sclose(space);
  return status < 0 ? -1 : 0;
}

static int add_group(hid_t file, const struct hdf5_files_entry *entry, hid_t links) {
  hid_t group = H5Gcreate2(file, entry->path, links, H5P_DEFAULT, H5P_DEFAULT);
  if (group < 0) return -1;
  hid_t text = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
  H5Tset_size(text, H5T_VARIABLE);
  H5Tset_cset(text, H5T_CSET_UTF8);
  hid_t attribute = H5Acreate2(group, "name", text, space, H5P_DEFAULT, H5P_DEFAULT);
  int status = attribute < 0 ? -1 : H5Awrite(attribute, text, &entry->name);
  if (attribute >= 0) H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(text);
  H5Gclose(group);
  return status < 0 ? -1 : 0;
}

static int take_image(hid_t file, void **bytes, size_t *size) {
  if (H5Fflush(file, H5F_SCOPE_LOCAL) < 0) return -1;
  ssize_t count = H5Fget_file_image(file, NULL, 0);
  if (count <= 0) return -1;
  *bytes = malloc((size_t)count);
  if (!*bytes) return -1;
  *size = (size_t)count;
  if (H5Fget_file_image(file, *bytes, *size) == count) return 0;
  free(*bytes);
  *bytes = NULL;
  return -1;
}

int hdf5_files_make(const struct hdf5_files_entry *entries, size_t count, void **bytes, size_t *size) {
  *bytes = NULL;
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  hid_t access = H5Pcreate(H5P_FILE_ACCESS), links = H5Pcreate(H5P_LINK_CREATE);
  hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_fapl_core(access, 1 << 20, 0);
  H5Pset_create_intermediate_group(links, 1);
  // The same arrays give the same bytes.
  H5Pset_obj_track_times(creation, 0);
  hid_t file = H5Fcreate("image", H5F_ACC_TRUNC, H5P_DEFAULT, access);
  int status = file < 0 ? -1 : 0;
  for (size_t index = 0; status == 0 && index < count; index++)
    status = entries[index].name ? add_group(file, &entries[index], links)
                                 : add_array(file, &entries[index], links, creation);
  if (status == 0) status = take_image(file, bytes, size);
  if (file >= 0) H5Fclose(file);
  H5Pclose(creation);
  H5Pclose(links);
  H5Pclose(access);
  return status;
}

void hdf5_files_version(uint32_t *major, uint32_t *minor, uint32_t *release) { H5get_libversion(major, minor, release); }

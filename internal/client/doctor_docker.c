#include "client/doctor.h"
#include "client/host.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool check_socket(struct doctor *doctor, const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0) {
		doctor_report(doctor, DOCTOR_FAIL, "Docker socket", "%s: %s", path,
			      strerror(errno));
		doctor_advise("install and start Docker (systemctl start docker), or set "
			      "KILN_DOCKER_SOCKET to where its socket is");
		return false;
	}
	if (!S_ISSOCK(status.st_mode)) {
		doctor_report(doctor, DOCTOR_FAIL, "Docker socket", "%s is not a socket", path);
		doctor_advise("set KILN_DOCKER_SOCKET to where Docker's socket is");
		return false;
	}
	if (access(path, R_OK | W_OK) < 0) {
		doctor_report(doctor, DOCTOR_FAIL, "Docker socket", "%s: %s", path,
			      strerror(errno));
		doctor_advise(
			"add the user of kilnd to the group of the socket (usermod -aG docker "
			"USER), and log in again");
		return false;
	}
	doctor_report(doctor, DOCTOR_OK, "Docker socket", "%s", path);
	return true;
}

static bool check_version(struct doctor *doctor, struct docker *docker)
{
	struct docker_version version;
	struct err err = {0};

	if (docker_version(docker, &version, &err) < 0) {
		doctor_report(doctor, DOCTOR_FAIL, "Docker Engine", "%s", err.text);
		doctor_advise("is the daemon running? systemctl status docker");
		return false;
	}
	doctor_report(doctor, DOCTOR_OK, "Docker Engine", "%s, API %s to %s, used: %s",
		      version.engine, version.api_minimum, version.api, version.used);
	return true;
}

static void check_image(struct doctor *doctor, struct docker *docker, const char *image)
{
	struct err err = {0};
	char id[128];
	int result = docker_image_id(docker, image, id, sizeof(id), &err);

	if (result == 0) {
		doctor_report(doctor, DOCTOR_OK, "worker image", "%s (%.19s)", image, id);
		return;
	}
	doctor_report(doctor, DOCTOR_FAIL, "worker image", "%s: %s", image,
		      result == -ENOENT ? "the daemon does not have it" : err.text);
	doctor_advise("build it (deploy/up.sh does), or set KILN_IMAGE to one that is there");
}

static void check_runtime(struct doctor *doctor, const char *runtime,
			  const struct docker_info *info)
{
	if (runtime == NULL || host_has_word(info->runtimes, runtime)) {
		doctor_report(doctor, DOCTOR_OK, "runtime", "%s%s, of: %s",
			      runtime != NULL ? runtime : info->default_runtime,
			      runtime != NULL ? "" : " (the daemon's default)", info->runtimes);
		return;
	}
	/* Docker takes the name of a containerd shim, io.containerd.kata.v2, without registration.
	 */
	if (strchr(runtime, '.') != NULL) {
		doctor_report(
			doctor, DOCTOR_WARN, "runtime",
			"%s is not registered; Docker 23 and later look for a shim of that name",
			runtime);
		return;
	}
	doctor_report(doctor, DOCTOR_FAIL, "runtime", "%s is not one of: %s", runtime,
		      info->runtimes);
	doctor_advise(
		"register it under `runtimes` in /etc/docker/daemon.json, or unset KILN_CONTAINER_RUNTIME");
}

/* Runtimes by which a container gets more than the host's own kernel around it. */
static void check_tiers(struct doctor *doctor, const struct docker_info *info)
{
	bool gvisor = host_has_word(info->runtimes, "runsc");
	bool kata = host_has_word(info->runtimes, "kata") ||
		    host_has_word(info->runtimes, "kata-runtime") ||
		    host_has_word(info->runtimes, "io.containerd.kata.v2");

	if (gvisor || kata)
		doctor_report(doctor, DOCTOR_OK, "stronger tiers", "%s%s%s",
			      gvisor ? "gVisor (runsc)" : "", gvisor && kata ? ", " : "",
			      kata ? "Kata" : "");
	else
		doctor_report(doctor, DOCTOR_OK, "stronger tiers",
			      "none is registered; SECURITY.md says how");
}

static void check_storage(struct doctor *doctor, const struct docker_info *info)
{
	const char *driver = info->storage_driver;

	if (strcmp(driver, "vfs") == 0) {
		doctor_report(doctor, DOCTOR_WARN, "storage driver",
			      "vfs copies the whole image for each container");
		doctor_advise("use overlay2: `storage-driver` in /etc/docker/daemon.json");
	} else if (strcmp(driver, "devicemapper") == 0 || strcmp(driver, "aufs") == 0) {
		doctor_report(doctor, DOCTOR_WARN, "storage driver",
			      "%s is no longer kept up by Docker", driver);
		doctor_advise("use overlay2: `storage-driver` in /etc/docker/daemon.json");
	} else {
		doctor_report(doctor, DOCTOR_OK, "storage driver", "%s", driver);
	}
}

static void check_daemon_seccomp(struct doctor *doctor, const struct docker_info *info)
{
	if (info->has_seccomp) {
		doctor_report(doctor, DOCTOR_OK, "Docker seccomp", "enabled");
		return;
	}
	doctor_report(doctor, DOCTOR_FAIL, "Docker seccomp",
		      "the daemon has none: containers would run without a filter");
	doctor_advise("use a Docker and a kernel built with seccomp (CONFIG_SECCOMP_FILTER)");
}

bool doctor_check_docker(struct doctor *doctor, const struct config *config,
			 struct docker_info *ret_info)
{
	struct docker_info info;
	struct err err = {0};
	struct docker *docker;
	bool known = false;

	if (!check_socket(doctor, config->docker_socket))
		return false;
	docker = docker_open(config->docker_socket, &err);
	if (docker == NULL) {
		doctor_report(doctor, DOCTOR_FAIL, "Docker Engine", "%s", err.text);
		return false;
	}
	if (check_version(doctor, docker)) {
		known = docker_info(docker, &info, &err) == 0;
		if (!known)
			doctor_report(doctor, DOCTOR_FAIL, "Docker info", "%s", err.text);
		check_image(doctor, docker, config->image);
	}
	docker_close(docker);
	if (!known)
		return false;
	check_runtime(doctor, config->runtime, &info);
	check_tiers(doctor, &info);
	check_storage(doctor, &info);
	check_daemon_seccomp(doctor, &info);
	*ret_info = info;
	return true;
}
